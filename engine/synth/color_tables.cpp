// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/color_tables.h"

#include "engine/synth/compositor.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {

float toLinear(float encoded, Transfer transfer) {
    if (transfer == Transfer::Srgb)
        return encoded <= 0.04045f ? encoded / 12.92f : std::pow((encoded + 0.055f) / 1.055f, 2.4f);
    return encoded < 0.081f ? encoded / 4.5f : std::pow((encoded + 0.099f) / 1.099f, 1.f / 0.45f);
}

float fromLinear(float linear, Transfer transfer) {
    if (transfer == Transfer::Srgb)
        return linear <= 0.0031308f ? 12.92f * linear
                                    : 1.055f * std::pow(linear, 1.f / 2.4f) - 0.055f;
    return linear < 0.018f ? 4.5f * linear : 1.099f * std::pow(linear, 0.45f) - 0.099f;
}

const std::array<float, 256>& srgbToLinearTable() {
    static const auto table = [] {
        std::array<float, 256> values{};
        for (int i = 0; i < 256; ++i)
            values[std::size_t(i)] = toLinear(float(i) / 255.f, Transfer::Srgb);
        return values;
    }();
    return table;
}

std::uint8_t linearToSrgb8(float linear) {
    // Fine enough that every 8-bit value survives the way there and back.
    constexpr int kSteps = 1 << 14;
    static const auto table = [] {
        std::vector<std::uint8_t> values(kSteps + 1);
        for (int i = 0; i <= kSteps; ++i) {
            const float encoded = fromLinear(float(i) / kSteps, Transfer::Srgb);
            values[std::size_t(i)] = std::uint8_t(std::lround(encoded * 255.f));
        }
        return values;
    }();
    const float clamped = std::clamp(linear, 0.f, 1.f);
    return table[std::size_t(clamped * kSteps + 0.5f)];
}

} // namespace strata
