// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/progress_rate.h"

#include <algorithm>

namespace strata::cli {

ProgressRate::Figures ProgressRate::update(const Progress& progress, Clock::time_point now) {
    const auto seconds = [now](Clock::time_point since) {
        return std::chrono::duration<double>(now - since).count();
    };
    if (progress.stage != m_stage) {
        m_stage = progress.stage;
        m_stageStart = now;
        m_stageStartDone = progress.done;
    }
    m_lastGain = std::max(0.0, progress.fraction - m_fraction);
    m_fraction = progress.fraction;

    Figures figures;
    if (const double inStage = seconds(m_stageStart); inStage > 0.2)
        figures.fps = double(std::max<std::int64_t>(0, progress.done - m_stageStartDone)) / inStage;
    if (const double worked = m_fraction - m_found; worked > 0.01)
        figures.secondsLeft = seconds(m_jobStart) * (1 - m_fraction) / worked;
    // A stage may be slower on this clip than its share of the job says.
    if (figures.secondsLeft && figures.fps > 0)
        figures.secondsLeft =
            std::max(*figures.secondsLeft, double(progress.total - progress.done) / figures.fps);
    return figures;
}

} // namespace strata::cli
