// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/progress_feed.h"

#include <algorithm>

namespace strata::cli {
namespace {

// Together the most that can go out within a second.
constexpr double kCreditPerSecond = 20;
constexpr double kMostCredit = 9;
constexpr auto kPause = std::chrono::milliseconds(50); // within a stage

} // namespace

ProgressFeed::ProgressFeed(protocol::JobId id, Tell tell, Clock::time_point start)
    : m_id(id)
    , m_tell(std::move(tell))
    , m_rate(start)
    , m_lastTold(start - kPause)
    , m_lastLook(start)
    , m_credit(kMostCredit) {}

void ProgressFeed::show(const Progress& progress, Clock::time_point now) {
    const auto figures = m_rate.update(progress, now);
    if (!due(progress.stage != m_stage, now))
        return;
    m_stage = progress.stage;
    m_tell(protocol::ProgressMade{m_id, progress.stage, std::clamp(progress.fraction, 0.0, 1.0),
                                  progress.done, progress.total, figures.fps, figures.secondsLeft});
}

bool ProgressFeed::due(bool stageChanged, Clock::time_point now) {
    const double passed = std::chrono::duration<double>(now - m_lastLook).count();
    m_credit = std::min(kMostCredit, m_credit + kCreditPerSecond * passed);
    m_lastLook = now;
    if (m_credit < 1 || (!stageChanged && now - m_lastTold < kPause))
        return false;
    m_credit -= 1;
    m_lastTold = now;
    return true;
}

} // namespace strata::cli
