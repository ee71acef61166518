// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/train/data/rendered_clip.h"

namespace strata {

/// How fast training clips are drawn, and how fast they could be at most: a fill-rate bound, the
/// rate at which the same machine, in the same run, writes the layers' samples once (face, place in
/// the face, depth) and their pixels once, and shades nothing.
struct RenderBench {
    int clips = 0, frames = 0, side = 0, threads = 0;
    double framesPerSecond = 0; // everything included: people, places, portraits
    double portraits = 0;       // further pictures per clip, not counted as frames
    double boundPerSecond = 0;
    double ratio() const { return boundPerSecond > 0 ? framesPerSecond / boundPerSecond : 0; }
};

Result<RenderBench> benchRender(const TrainingAssets& assets, int clips,
                                const RenderClipOptions& options, const JobContext& job);

} // namespace strata
