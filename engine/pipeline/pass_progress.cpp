// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/pass_progress.h"

#include <algorithm>

namespace strata {

PassProgress::PassProgress(const JobContext& job, std::int64_t frames, int steps)
    : m_job(&job)
    , m_frames(frames)
    , m_steps(steps) {}

void PassProgress::operator()(const Progress& progress) {
    constexpr int kParts = 1000; // of a frame
    double passes = 0;
    if (progress.stage == "conditions") {
        m_now = progress.total;
        passes = progress.fraction;
    } else if (progress.stage == "denoise") {
        passes = 1 + m_steps * progress.fraction;
    } else if (progress.stage == "decode") {
        passes = 1 + m_steps + progress.fraction;
    }
    const double done = double(m_before) + double(m_now) * passes / (m_steps + 2);
    m_job->progress("", std::int64_t(kParts * std::min(done, double(m_frames))), kParts * m_frames);
    if (progress.stage == "decode" && progress.done == progress.total) {
        m_before += m_now;
        m_now = 0;
    }
}

} // namespace strata
