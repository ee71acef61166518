// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/frame_selection.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double kMostRepeats = 1000.0; // of one frame; more is a broken file

} // namespace

std::vector<std::int64_t> framesAtRate(std::int64_t count, double streamFps, double targetFps) {
    std::vector<std::int64_t> out;
    const double ratio = std::nearbyint(streamFps) / targetFps;
    if (!(ratio >= 1.0 / kMostRepeats) || !std::isfinite(ratio))
        return out;
    const auto kept = std::int64_t(std::ceil(double(count) / ratio));
    for (std::int64_t i = 0; i < kept; ++i)
        out.push_back(std::min(count - 1, std::int64_t(double(i) * ratio)));
    return out;
}

FrameRange croppedRange(std::int64_t startIndex, std::int64_t endIndex, double fps,
                        std::int64_t count) {
    const auto atRate = [fps](std::int64_t index) {
        return std::int64_t(std::trunc(fps * double(index) / 30.0));
    };
    return {std::max<std::int64_t>(0, atRate(startIndex)), std::min(count, atRate(endIndex))};
}

} // namespace strata
