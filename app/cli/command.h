// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <vector>

namespace strata::cli {

/// Exit codes of `strata` (design: done, failed, bad usage, nothing found to work on, cancelled).
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kNothing = 3, kCancelled = 130 };

int exitCodeOf(const Error& error);

/// What every command shares.
struct Session {
    bool json = false;
    bool quiet = false;
    std::stop_token stop;
};

/// One subcommand: its options are added to the parser when it is created; `run` is called when it
/// was chosen.
struct Command {
    CLI::App* app = nullptr;
    std::function<Status(Session&)> run;
};

Command addEdit(CLI::App& root);
Command addDecompose(CLI::App& root);
Command addModels(CLI::App& root);
Command addEval(CLI::App& root);
Command addBench(CLI::App& root);
Command addTrain(CLI::App& root);
Command addWorker(CLI::App& root);
/// Parts of `strata eval`.
Command addEvalCoder(CLI::App& eval);
Command addEvalGenerator(CLI::App& eval);
/// A part of `strata bench`.
Command addBenchRender(CLI::App& bench);

} // namespace strata::cli
