// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"

#include <chrono>
#include <optional>
#include <string>

namespace strata::cli {

/// How fast a job is and how long it will take, out of its progress. Times are given, so that it
/// can be tested.
class ProgressRate {
public:
    using Clock = std::chrono::steady_clock;
    struct Figures {
        double fps = 0;                    // of the stage; 0 when not known yet
        std::optional<double> secondsLeft; // of the job
    };

    explicit ProgressRate(Clock::time_point start)
        : m_jobStart(start) {}

    Figures update(const Progress& progress, Clock::time_point now);
    /// What the last update brought was found in the cache: it says nothing about the speed.
    void foundLast() { m_found += m_lastGain; }

private:
    Clock::time_point m_jobStart, m_stageStart;
    std::string m_stage;
    std::int64_t m_stageStartDone = 0;
    double m_fraction = 0; // as last told
    double m_lastGain = 0;
    double m_found = 0; // part of the whole that took no time
};

} // namespace strata::cli
