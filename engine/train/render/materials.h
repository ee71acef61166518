// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/render/scene.h"
#include "engine/train/render/texture.h"

namespace strata {

// Procedural materials for things that do not move, and textures for those that do. Colours are
// linear.

glm::vec3 srgb(float r, float g, float b); // 0..255

Material plain(const glm::vec3& color, float specular = 0.03f, float gloss = 20.f);
Material brick(const glm::vec3& color, const glm::vec3& mortar);
Material plaster(const glm::vec3& color);
Material concrete(const glm::vec3& color);
Material paving(const glm::vec3& color, float slab);
Material asphalt();
Material grass();
Material planks(const glm::vec3& color, float width);
Material bark();
Material leaves(const glm::vec3& color);
/// House front along x: plaster with rows of windows. `floor` is the height of a storey in metres.
Material houseFront(const glm::vec3& wall, float spacing, float floor);

/// Woven cloth of one colour; `stripes` (metres, 0 = none) adds lines of `second`.
Material cloth(const glm::vec3& color, const glm::vec3& second = glm::vec3(0.f),
               float stripes = 0.f);
/// `texelsPerMetre` chooses the level of detail; the colour is multiplied by `tint`.
Material textured(std::shared_ptr<const Texture> texture, float texelsPerMetre,
                  const glm::vec3& tint = glm::vec3(1.f), float specular = 0.02f,
                  float gloss = 12.f);
/// Strands: brightness varies along the surface; shines.
Material hair(const glm::vec3& color, std::shared_ptr<const Texture> texture, float texelsPerMetre);

} // namespace strata
