// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"

namespace strata {

/// Rotations and translations averaged over time with a Gaussian of `sigmaSeconds`. Cameras stay as
/// they are.
Motion smoothed(const Motion& motion, double sigmaSeconds);

/// Which points of the feet stand on the ground.
struct FootContact {
    // Left heel side (ankle), left toes, right ankle, right toes.
    std::array<bool, 4> touching{};
};

/// A foot touches the ground in a frame when it moves slower than `maxSpeed` (metres per second)
/// and is lower than `maxHeight` above its own lowest height in the clip. For motion in the world
/// (no cameras).
std::vector<FootContact> footContacts(const Motion& motion, const ShapedBody& body,
                                      float maxSpeed = 0.25f, float maxHeight = 0.08f);

} // namespace strata
