// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/job_context.h"

namespace strata {

/// How well a mask agrees with the true one; both are inside above 127.
struct MaskScore {
    double iou = 0;       // 1 when both are empty
    double precision = 0; // 1 when nothing is marked
    double recall = 0;    // 1 when there is nothing to mark
    double boundary =
        0; // F of the outlines, with a tolerance of 0.8 % of the frame's diagonal (DAVIS)
};

/// `mask` and `truth` [H, W, 1] of one size.
Result<MaskScore> scoreMask(const ImageU8& mask, const ImageU8& truth);

struct MaskReport {
    MaskScore mean;
    double worstIou = 1;
    std::int64_t worstFrame = 0;
    std::vector<MaskScore> frames;
};

/// Frame by frame over two sources of one size and length.
Result<MaskReport> scoreMasks(MaskSource& mask, MaskSource& truth, const JobContext& context = {});

} // namespace strata
