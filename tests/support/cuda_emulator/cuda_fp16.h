// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/half.h"

struct __half {
    std::uint16_t bits;
};

inline float __half2float(__half x) { return strata::halfToFloat(x.bits); }
inline __half __float2half_rn(float x) { return {strata::floatToHalf(x)}; }
