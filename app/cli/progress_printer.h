// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/worker/progress_rate.h"
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
    void startStage(const std::string& stage);

    using Clock = ProgressRate::Clock;
    Mode m_mode;
    std::string m_stage;
    ProgressRate m_rate{Clock::now()};
    Clock::time_point m_lastShown;
    int m_lastTenth = -1;
    bool m_lineOpen = false;
};

} // namespace strata::cli
