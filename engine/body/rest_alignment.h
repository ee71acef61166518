// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/retarget.h"

namespace strata {

/// How the body's rest pose lies in a BVH skeleton's joints.
struct RestAlignment {
    /// [24] turns directions of the body's rest pose into the local frame of the mapped joint;
    /// unused where unmapped.
    std::array<glm::mat3, kBodyJoints> toLocal;
    glm::mat3 toYUp{1.f}; // the file's world to y-up
};

/// From the zero pose where that shows a standing person; else joint by joint, with the twist of
/// limbs taken from the plane in which elbows and knees bend in the motion.
RestAlignment alignRest(const BvhFile& file, const SkeletonMap& map, const BodyModel& model);

/// The joint that the bone of `joint` points at (the next in its limb), or -1.
int nextInLimb(int joint);

} // namespace strata
