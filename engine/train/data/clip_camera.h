// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/clip_motion.h"

namespace strata {

/// One camera per frame, square pictures of `side`. The camera stands towards +z of the person. The
/// focal length is chosen so that the person, all frames together, fills `plan.fill` of the height
/// (less if the way is wide); where a still camera would see the person too small it goes along.
std::vector<Camera> clipCameras(const CameraPlan& plan, const ClipMotion& motion,
                                std::uint64_t seed, int side);

/// A camera in front of one pose that fits it with a margin of a twentieth.
Camera portraitCamera(const std::vector<glm::vec3>& vertices, float azimuth, float height,
                      float distance, int side);

} // namespace strata
