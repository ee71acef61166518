// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/bvh.h"
#include "engine/body/motion.h"

namespace strata {

/// Which joint of a BVH skeleton moves each joint of the body; -1 where there is none.
struct SkeletonMap {
    std::array<int, kBodyJoints> joints{};
};

/// By names, whatever their case, punctuation and prefix. Hips, thighs, shins, upper arms and
/// forearms must be there.
Result<SkeletonMap> mapSkeleton(const BvhFile& file);

/// The motion on our body: limbs point where the skeleton's limbs point, the difference of rest
/// poses is taken out, the way is scaled by the length of the legs, and the feet touch y = 0. Works
/// on skeletons that rest in a T-pose, with arms down, and on those whose bones all lie along one
/// axis (Rokoko). The result is y-up.
Result<Motion> retarget(const BvhFile& file, const BodyModel& model);

} // namespace strata
