// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/pipeline/stages/stage_context.h"

namespace strata {

struct FittedBody {
    StageResult stage;
    Motion motion;
    double error = 0;        // mean distance of projected joints to landmarks / the person's height
    double acceleration = 0; // mean second difference of the joints, metres per second squared
};

/// The body of person `id` over the whole clip: motion.npz, one chunk, because shape and camera are
/// shared by all frames.
Result<FittedBody> runFitStage(StageContext& context, const StageResult& people, int id);

} // namespace strata
