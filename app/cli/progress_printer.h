// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"

#include <chrono>
#include <string>

namespace strata::cli {

/// Shows how far a job is: one line that is redrawn on a terminal, a line per stage and tenth
/// otherwise, JSON lines for programs. Called from one thread.
class ProgressPrinter {
public:
    enum class Mode { Terminal, Plain, Json, Quiet };

    explicit ProgressPrinter(Mode mode);
    ~ProgressPrinter();
    static Mode modeFor(bool json, bool quiet);

    void show(const Progress& progress);
    /// Ends the redrawn line so that other text can follow.
    void finish();

private:
    void startStage(const Progress& progress);

    using Clock = std::chrono::steady_clock;
    Mode m_mode;
    std::string m_stage;
    Clock::time_point m_jobStart = Clock::now();
    Clock::time_point m_stageStart;
    Clock::time_point m_lastShown;
    double m_startFraction = 0;
    std::int64_t m_startDone = 0;
    int m_lastTenth = -1;
    bool m_lineOpen = false;
};

} // namespace strata::cli
