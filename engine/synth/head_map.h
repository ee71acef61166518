// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"

#include <array>
#include <vector>

namespace strata {

/// What belongs to what on the head of a body in the rest pose.
struct HeadMap {
    glm::vec3 joint{0.f};     // of the head
    float top = 0;            // height of the crown
    std::vector<float> scalp; // [6890], 0..1: where hair grows
    std::vector<float> face;  // [6890], 0..1: what must keep its shape and is never hair
    std::size_t nose = 0;     // vertex
    std::array<std::vector<std::size_t>, 2> eyes; // vertices, left and right
};

HeadMap mapHead(const ShapedBody& body);

/// 0..1: hair grows at this point of the head.
float scalpAt(const HeadMap& map, const glm::vec3& rest);

} // namespace strata
