// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"

#include <cstdint>

namespace strata {

/// Turns what a ClipGenerator says about each of its runs ("conditions", "denoise", "decode") into
/// frames done out of all. The passes over a run's frames that make its conditions and that decode
/// it take about as long as a step of the sampling.
class PassProgress {
public:
    /// `job` is told, in thousandths of a frame, and must outlive this. Frames that runs share
    /// count once for each; never more than `frames` are done.
    PassProgress(const JobContext& job, std::int64_t frames, int steps);

    void operator()(const Progress& progress);

private:
    const JobContext* m_job;
    std::int64_t m_frames;
    int m_steps;
    std::int64_t m_before = 0, m_now = 0; // frames of finished runs, and of the one that is on
};

} // namespace strata
