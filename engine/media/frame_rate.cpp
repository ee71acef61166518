// SPDX-License-Identifier: Apache-2.0
#include "engine/media/frame_rate.h"

#include <cmath>

namespace strata {

std::int64_t roundHalfEven(Rational value) {
    if (value.den == 0)
        return 0;
    std::int64_t whole = value.num / value.den;
    std::int64_t rest = value.num % value.den;
    if (rest < 0) {
        --whole;
        rest += value.den;
    }
    const bool up = rest > value.den - rest || (rest == value.den - rest && whole % 2 != 0);
    return whole + (up ? 1 : 0);
}

std::vector<std::int64_t> resampledFrames(std::int64_t frameCount, Rational source, int target) {
    const std::int64_t rate = roundHalfEven(source);
    std::vector<std::int64_t> frames;
    if (rate < 1 || target < 1 || frameCount < 1)
        return frames;
    const double ratio = double(rate) / target;
    const auto count = std::int64_t(std::ceil(double(frameCount) / ratio));
    frames.reserve(std::size_t(count));
    for (std::int64_t j = 0; j < count; ++j)
        frames.push_back(std::int64_t(double(j) * ratio));
    return frames;
}

} // namespace strata
