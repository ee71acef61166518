// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/media/video_writer.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace strata {

struct JoinOptions {
    Rational fps{25, 1};
    std::optional<FrameTiming> timing{}; // variable rate: the time of every frame of the whole
    std::optional<AudioCopy> audio{};
};

struct JoinResult {
    std::int64_t frames = 0;
    std::string audioNote; // as VideoWriter::audioNote()
};

/// Puts clips that VideoWriter made with equal options one after the other into one file, without
/// encoding again. Each segment begins with a key frame and needs nothing of the others. Times are
/// assigned anew from the frame numbers, so joints are exact. Written beside and renamed.
Result<JoinResult> joinSegments(const std::vector<std::filesystem::path>& segments,
                                const std::filesystem::path& target, const JoinOptions& options,
                                const JobContext& context = {});

} // namespace strata
