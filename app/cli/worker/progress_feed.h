// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/worker/progress_rate.h"
#include "engine/protocol/messages.h"

#include <functional>

namespace strata::cli {

/// Tells the client how far a job is: a new stage at once, the rest now and then, never more than
/// 30 times in any second. Used by the job's thread.
class ProgressFeed {
public:
    using Clock = ProgressRate::Clock;
    using Tell = std::function<void(const protocol::Event&)>;

    ProgressFeed(protocol::JobId id, Tell tell, Clock::time_point start = Clock::now());

    void show(const Progress& progress, Clock::time_point now = Clock::now());
    /// See ProgressRate::foundLast().
    void foundLast() { m_rate.foundLast(); }

private:
    bool due(bool stageChanged, Clock::time_point now);

    protocol::JobId m_id;
    Tell m_tell;
    ProgressRate m_rate;
    std::string m_stage;
    Clock::time_point m_lastTold;
    Clock::time_point m_lastLook;
    double m_credit; // messages that may go out now
};

} // namespace strata::cli
