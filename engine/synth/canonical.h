// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/identity.h"

namespace strata {

/// The person in the canonical A-pose, seen from the front, on white: [size, size, 3], sRGB, no
/// light of its own.
Result<ImageU8> canonicalPicture(const BodyModel& model, const Identity& identity, int size = 768);

/// The camera that canonicalPicture() looks through: the whole A-pose with a margin of `margin` of
/// the height. `turn` (radians) walks round the person to its left; 0 = from the front.
Camera canonicalCamera(const ShapedBody& body, int width, int height, float turn = 0.f,
                       float margin = 0.06f);

/// The A-pose of the model, standing where the rest pose stands.
BodyPose canonicalPose(const BodyModel& model);

} // namespace strata
