// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace strata {

inline constexpr int kLeastSynthSize = 64, kMostSynthSize = 1536, kMostSteps = 1000;
inline constexpr double kMostGuidance = 30, kMostCrf = 51;

enum class SynthKind {
    Mesh,  // the picture's appearance carried by the posed body; no network
    Mimo,  // the published generator
    Small, // Strata's own generator
};

/// How people are drawn. Beside `keepOccluder` and `seed`, what follows `kind` is for Mimo, with
/// the defaults of GenerateSettings of engine/pipeline.
struct SynthSettings {
    SynthKind kind = SynthKind::Small;
    int size = 784;        // side of the square the networks see; 64 to 1536, a multiple of 8
    int steps = 25;        // 1 to 1000
    double guidance = 3.5; // 1 to 30
    double guideFrom = 0, guideTo = 1; // the part of the steps that is guided; 0..1, in this order
    std::uint64_t seed = 42;
    bool keepOccluder = true;
    bool operator==(const SynthSettings&) const = default;
};

enum class VideoCodec { H264, H265 };

/// x264's and x265's names, quickest first.
inline constexpr std::array<std::string_view, 9> kEncoderPresets = {
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"};

inline bool isEncoderPreset(std::string_view name) {
    return std::find(kEncoderPresets.begin(), kEncoderPresets.end(), name) != kEncoderPresets.end();
}

/// What is written when the project is rendered to a file.
struct DeliverySettings {
    VideoCodec codec = VideoCodec::H264;
    double crf = 14;               // 0 (best) to 51
    std::string preset = "medium"; // one of kEncoderPresets
    bool audio = true;
    bool wholeClip = false; // otherwise from in to out
    bool operator==(const DeliverySettings&) const = default;
};

} // namespace strata
