// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/media/video_reader.h"

/// Every frame of both files is the same.
inline bool sameFrames(const std::filesystem::path& a, const std::filesystem::path& b) {
    const auto first = strata::VideoReader::open(a), second = strata::VideoReader::open(b);
    if (!first || !second || (*first)->frameCount() != (*second)->frameCount())
        return false;
    for (std::int64_t i = 0; i < (*first)->frameCount(); ++i) {
        const auto x = (*first)->frame(i), y = (*second)->frame(i);
        if (!x || !y || !(**x == **y))
            return false;
    }
    return true;
}
