// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace strata {

/// IEEE 754 half precision to float, exact, subnormals and not-a-numbers included.
inline float halfToFloat(std::uint16_t half) {
    const std::uint32_t sign = std::uint32_t(half & 0x8000) << 16;
    const std::uint32_t rest = std::uint32_t(half & 0x7fff) << 13;
    if ((half & 0x7c00) == 0x7c00) // infinity or not a number
        return std::bit_cast<float>(sign | rest | 0x7f800000);
    // Moving the exponent by a product instead of a sum handles subnormals as well.
    const float value = std::bit_cast<float>(rest) * 0x1p112f;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
}

/// Float to half, rounded to nearest even; too large becomes infinity.
inline std::uint16_t floatToHalf(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = std::uint16_t(bits >> 16 & 0x8000);
    const std::uint32_t rest = bits & 0x7fffffff;
    if (rest > 0x7f800000)
        return sign | 0x7e00;
    if (rest >= 0x477ff000) // rounds to 65536 or more
        return sign | 0x7c00;
    if (rest < 0x38800000) { // subnormal: let the addition do the rounding
        const float shifted = std::bit_cast<float>(rest) + 0.5f;
        return std::uint16_t(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000));
    }
    const std::uint32_t odd = rest >> 13 & 1;
    return std::uint16_t(sign | ((rest - 0x38000000 + 0xfff + odd) >> 13));
}

inline float bfloatToFloat(std::uint16_t value) {
    return std::bit_cast<float>(std::uint32_t(value) << 16);
}

} // namespace strata
