// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/evidence.h"

namespace strata {

/// Where the picture shows what the unseen side of the trunk probably looks like: at the same
/// height, but towards the sides, because prints, zips and what is worn under an open jacket are in
/// the middle of the front only.
struct BackProxies {
    std::vector<glm::vec2> left, right; // [6890], pixels; NaN where there is none
    std::vector<float> share; // [6890], 1 on the trunk, fading to 0 where limbs and neck begin
};

BackProxies trunkProxies(const BodyModel& model, std::span<const glm::vec3> restVertices,
                         const PosedSurface& surface, const Evidence& evidence);

} // namespace strata
