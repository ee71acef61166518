// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/fit/body_fit.h"
#include "engine/decompose/fit/landmark_map.h"

namespace strata {

/// Where the optimisation begins: one pose per frame by aligning bones with the world landmarks,
/// the translation by least squares on the picture, and frames without a person interpolated.
/// `smoothFrames`: standard deviation in frames of the filter put over the landmarks first, 0 =
/// none.
std::vector<BodyPose> startPoses(const BodyModel& model, const LandmarkMap& map,
                                 std::span<const FitFrame> frames, const Camera& camera,
                                 float smoothFrames);

/// World landmarks in the y-up world of the fit, turned by the direction in which the camera sees
/// the person: the network judges depth along its own line of sight.
std::array<glm::vec3, kPoseLandmarks> worldLandmarks(const PersonPose& pose, const Camera& camera);

} // namespace strata
