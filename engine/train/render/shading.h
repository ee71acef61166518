// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/render/scene.h"

#include <span>

namespace strata {

/// Light that comes from this direction of the sky, with clouds.
glm::vec3 skyRadiance(const Lighting& light, const glm::vec3& direction);

/// Part of the sky that the balls leave visible from a point, 0..1.
float skyVisibility(std::span<const AmbientBlocker> blockers, const glm::vec3& position,
                    const glm::vec3& normal);

/// Light that the surface sends to the viewer. `sun` and `ambient` are the visible parts of sun and
/// sky.
glm::vec3 reflectedRadiance(const Lighting& light, const Surface& surface, const glm::vec3& normal,
                            const glm::vec3& toEye, float sun, float ambient);

} // namespace strata
