// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_evidence.h"

#include <memory>
#include <vector>

namespace strata {

/// Frames on either side that may matter.
constexpr int bridgeReach = 18;

/// Things that stood alone for some frames before and again after the frame `here`, and are lost in
/// between: a ball that the matte joins to the foot it lies on. Each is looked for by its colours
/// and shape along one way from the last sight to the first new one; what is returned is the thing
/// where that way passes `here`, less what covers it there. Nothing where no way is likely.
///
/// `around` are frames without a gap, in order; what is farther than their ends is not known.
std::vector<Thing> bridgedThings(const std::vector<std::shared_ptr<const LayerEvidence>>& around,
                                 std::size_t here);

} // namespace strata
