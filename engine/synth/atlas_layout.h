// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"

#include <vector>

namespace strata {

/// Texture coordinates that identities use: the body's own, but with the front of the face as one
/// flat chart of its own in a free corner of the atlas. The body's atlas turns over faces at lids,
/// nostrils and lips, where a photograph shows every slip.
struct AtlasLayout {
    std::vector<glm::vec2> vertices; // (0,0) bottom left
    std::vector<glm::uvec3> faces;   // one per face of the model
};
AtlasLayout layOutAtlas(const BodyModel& model);

/// Free corners of the atlas, lower left and upper right in texture coordinates.
struct AtlasCorner {
    glm::vec2 low, high;
};
constexpr AtlasCorner kFaceCorner{{0.775f, 0.83f}, {0.995f, 0.995f}};
constexpr AtlasCorner kClothCorner{{0.004f, 0.205f}, {0.104f, 0.545f}};

} // namespace strata
