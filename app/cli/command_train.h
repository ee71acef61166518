// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace strata::cli {

/// The parts of `strata train`: each adds its own subcommand.
Command addTrainPack(CLI::App& train);
Command addTrainRender(CLI::App& train);
Command addTrainGather(CLI::App& train);
Command addTrainRun(CLI::App& train);
Command addTrainExport(CLI::App& train);

} // namespace strata::cli
