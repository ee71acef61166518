// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"
#include "engine/pipeline/job_requests.h"

#include <string>

namespace strata::cli {

/// The options that name a clip, shared by several commands.
struct ClipOptions {
    std::string video, frames, body;
    int person = -1;

    void addTo(CLI::App& app);
    Result<ClipRequest> request() const;
};

/// "a-b" (both included, counted from 0), "a-", "-b" or "a".
Result<FrameRange> parseFrames(const std::string& text);

} // namespace strata::cli
