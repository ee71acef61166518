// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/body/motion.h"
#include "engine/synth/synthesizer.h"

#include <glm/glm.hpp>

namespace strata {

/// How large the new person is drawn.
enum class BodySize {
    OwnBuild,     // the new person's build, scaled to the height of the person it replaces
    OwnHeight,    // the new person's build and height
    DrivingBuild, // the build of the person it replaces (only the colours change)
};

/// The pose of each frame for the new person's body.
struct PlacedMotion {
    Motion motion;         // betas are those to draw with
    float bodyScale = 1.f; // for FrameRequest::bodyScale
    FrameRequest::Ground ground;
};

/// "Up" of the world that a clip was fitted in: the cameras' mean up, straightened by the people
/// standing in it.
glm::vec3 upDirection(const BodyModel& model, const Motion& motion);

/// The ground that the person stands on: through the lowest foot points of the motion.
FrameRequest::Ground groundOf(const BodyModel& model, const Motion& motion, const glm::vec3& up);

/// The driving motion taken over by a body of another build: rotations stay, the root moves so that
/// the feet that carry the body are where the driving person's were.
PlacedMotion placeIdentity(const BodyModel& model, const Motion& driving, const Betas& identity,
                           BodySize size = BodySize::OwnBuild);

struct SceneMotionOptions {
    bool faceAsSource =
        true; // turn the new motion so that it starts facing as the source person does
    bool followSource = false; // keep the source person's path and take only the new motion's limbs
    bool loop = true; // a motion that is too short starts again where it ended; otherwise it holds
};

/// Another motion (world, y up; from AMASS or BVH) in the place of the clip's: starts where the
/// source person starts, on its ground, with the source's cameras and rate, one frame per source
/// frame. ShapeMismatch when `source` has no cameras; NothingToDo when a motion is empty.
Result<Motion> placeMotion(const BodyModel& model, const Motion& source, const Motion& replacement,
                           const SceneMotionOptions& options = {});

/// Height in metres of the body in the rest pose.
float bodyHeight(const BodyModel& model, const Betas& betas);

} // namespace strata
