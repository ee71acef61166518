// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/half.h"

struct __nv_bfloat16 {
    std::uint16_t bits;
};

inline float __bfloat162float(__nv_bfloat16 x) { return strata::bfloatToFloat(x.bits); }
inline __nv_bfloat16 __float2bfloat16_rn(float x) { // finite numbers
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return {std::uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}
