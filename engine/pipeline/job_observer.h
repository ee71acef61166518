// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"
#include "engine/decompose/subject/choose_subject.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace strata {

/// A piece of a stage's result, complete in the cache.
struct StoredChunk {
    std::string stage;
    std::string key;  // of its entry
    FrameRange range; // counted from the first frame of the clip's choice
    std::filesystem::path folder;
    bool computed = false; // just now, not found
};

/// Who wants to know what a job comes by, as soon as it is there. Called on the job's thread; each
/// may be empty.
struct JobObserver {
    std::function<void(const StoredChunk&)> chunk;
    /// Everybody in the clip, the most prominent first, and the id of the one the job is about,
    /// if one could be chosen.
    std::function<void(const std::vector<PersonSummary>&, std::optional<int> subject)> people;
};

} // namespace strata
