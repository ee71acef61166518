// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"

#include <vector>

namespace strata {

/// Where the posed body's vertices stand in the camera's picture: [V, 2] x and y in pixels.
std::vector<float> projectedVertices(const ShapedBody& body, const BodyPose& pose,
                                     const Camera& camera);

} // namespace strata
