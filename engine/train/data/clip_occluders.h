// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/clip_motion.h"

namespace strata {

/// Nearer things of a clip: those that stand still, and for each frame those that move.
struct ClipOccluders {
    std::vector<SceneObject> still;
    std::vector<std::vector<SceneObject>> moving; // [F], may hold none
};

/// Built where the recipe says; what would not be nearer than the person in every frame is left
/// out.
ClipOccluders clipOccluders(const std::vector<OccluderPlan>& plans, const ClipMotion& motion,
                            const std::vector<Camera>& cameras);

} // namespace strata
