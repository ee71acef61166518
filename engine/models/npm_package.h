// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace strata {

/// Runs `npm pack package` in `folder` (no shell, nothing of the package is run) and returns the
/// archive it left there. Ends npm when the work is cancelled. `command` is what is started; tests
/// put something else in npm's place.
Result<std::filesystem::path> npmPack(const std::string& package,
                                      const std::filesystem::path& folder,
                                      const JobContext& context,
                                      const std::string& command = "npm");

} // namespace strata
