// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/core/job_context.h"
#include "engine/perception/detections.h"

#include <optional>
#include <span>

namespace strata {

/// What is known of the person in one frame. With `seen` false the rest is not looked at.
struct FitFrame {
    bool seen = false;
    PersonPose pose;
};

struct FitOptions {
    /// Times the usual strength of the terms that join frames; 0 fits every frame alone (with
    /// shared shape).
    float smoothness = 1.f;
    int iterations = 240;
    /// Focal length in pixels, if known; else 1.2 * the longer side with a weak prior round it.
    std::optional<float> focal;
    /// Shape, if known (from an identity picture, say); else it is fitted.
    std::optional<Betas> betas;
};

struct FitReport {
    /// Mean distance of the twelve projected limb joints (shoulders to ankles) from the landmarks
    /// that were seen with a visibility above one half, as a fraction of the person's height in the
    /// picture.
    double reprojectionError = 0;
    double allLandmarksError = 0; // the same over all 33 landmarks
    double acceleration =
        0; // mean of the 24 joints' |second difference| * fps^2 over seen frames, m/s^2
    int seenFrames = 0;
};

/// The motion's world is the camera's place with y up: every frame has the same camera at the
/// origin that looks along -z (rotation diag(1, -1, -1), no translation), so the person stands at
/// negative z. Frames in which the person was not seen have confidence 0 and a pose interpolated
/// from their neighbours.
struct FitResult {
    Motion motion;
    FitReport report;
    /// [frames][33] where the body's own landmark points are projected to, pixels.
    std::vector<std::array<glm::vec2, kPoseLandmarks>> projected;
};

/// Fits `model` to a clip of `frame` sized pictures. Clips of more than 2000 frames are fitted in
/// overlapping chunks with the shape and camera of a sample. Fails when nobody was seen at all, or
/// when asked to stop.
Result<FitResult> fitBody(const BodyModel& model, std::span<const FitFrame> frames, Size frame,
                          Rational fps, const FitOptions& options, const JobContext& context);

} // namespace strata
