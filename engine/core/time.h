// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace strata {

/// An exact fraction, kept reduced with a positive denominator. 0/1 by default.
struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;

    constexpr Rational() = default;
    constexpr Rational(std::int64_t n, std::int64_t d = 1)
        : num(n)
        , den(d) {
        if (den < 0) {
            num = -num;
            den = -den;
        }
        if (const auto g = std::gcd(num, den); g > 1) {
            num /= g;
            den /= g;
        }
    }

    constexpr double value() const { return den ? double(num) / double(den) : 0.0; }
    constexpr bool operator==(const Rational&) const = default;
};

/// Frames [begin, end) of a clip, counted from 0.
struct FrameRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    constexpr std::int64_t size() const { return std::max<std::int64_t>(0, end - begin); }
    constexpr bool empty() const { return end <= begin; }
    constexpr bool contains(std::int64_t frame) const { return frame >= begin && frame < end; }
    constexpr FrameRange intersected(FrameRange other) const {
        return {std::max(begin, other.begin), std::min(end, other.end)};
    }
    constexpr bool operator==(const FrameRange&) const = default;
};

} // namespace strata
