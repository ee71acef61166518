// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/perception/detections.h"

namespace strata {

/// Where BlazePose's landmarks lie on the body: points of the rest shape that move with the skin.
/// Limb landmarks are joints; nose, eyes, ears, mouth, fingers, heels and toes are vertices found
/// by geometry, so that any body in SMPL layout works.
struct LandmarkMap {
    std::array<glm::vec3, kPoseLandmarks> points{};                 // rest, mean shape
    std::array<float, kPoseLandmarks * 3 * kBodyBetas> shapeDirs{}; // [33, 3, 10]
    std::array<float, kPoseLandmarks * kBodyJoints> weights{};      // [33, 24], rows sum to 1
};

LandmarkMap mapLandmarks(const BodyModel& model);

/// The landmark of the other side (its own for the nose).
int mirrorLandmark(int landmark);

} // namespace strata
