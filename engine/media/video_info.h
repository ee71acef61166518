// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace strata {

/// Colour description with the code points of ITU-T H.273 (1 = BT.709, 2 = not stated, 5/6 =
/// BT.601, 9 = BT.2020).
struct ColorTags {
    int primaries = 1;
    int transfer = 1;
    int matrix = 1;
    bool fullRange = false;
    constexpr bool operator==(const ColorTags&) const = default;
};

/// When each frame is shown, in ticks of `timeBase` seconds, counted from the first frame. pts[0]
/// is 0.
struct FrameTiming {
    Rational timeBase{1, 1};
    std::vector<std::int64_t> pts;
    std::int64_t end = 0; // where the last frame stops

    /// The frames of `range`, counted from its first one.
    FrameTiming cut(FrameRange range) const;
};

/// What a clip is. Sizes are those of the upright picture.
struct VideoInfo {
    Size size;
    std::int64_t frameCount = 0; // exact: frames that decode
    Rational fps{25, 1};         // exact when constant, the average when variable
    bool isVariable = false;
    bool isStill = false; // one picture
    int bitDepth = 8;
    ColorTags color;  // matrix and range as used for decoding; primaries and transfer as tagged
    int rotation = 0; // clockwise degrees that were applied: 0, 90, 180 or 270
    bool mirrored = false;
    bool hasAudio = false;
    bool hasAlpha = false;
    bool isTruncated = false; // the file ends earlier than it says
    Rational duration;        // seconds
    Rational startTime; // seconds of the first frame on the file's clock, which the audio shares
    Rational sampleAspect{1, 1};
    Rational timeBase{1, 1};
    std::string codec;
};

} // namespace strata
