// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/job_requests.h"
#include "engine/train/session/clip_packing.h"

#include <functional>

namespace strata {

/// Real clips and pictures as training material: taken apart, and cut into pieces of a few frames
/// in squares round the person, as the generator will see them. A picture is a clip of one frame.
struct GatherRequest {
    ClipRequest clip;
    int side = 192; // of the squares, a multiple of 8
    int frames = 8; // of a piece, at most
};

/// `first`: the piece's first frame in the file.
using PieceSink = std::function<Status(std::int64_t first, const ClipPiece&)>;

struct GatherReport {
    int pieces = 0;
    std::int64_t frames = 0; // in them: those in which the person is
};

/// NothingToDo when nobody is found.
Result<GatherReport> runGather(const GatherRequest& request, const PieceSink& sink,
                               const JobContext& context, const JobObserver& observer = {});

} // namespace strata
