// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media: numbers shared by both directions of yuv_rgb.h.
#pragma once

#include "engine/media/yuv_rgb.h"

#include <algorithm>
#include <utility>

// The same arithmetic with wider registers where the processor has them; no fused operations, so
// results are equal.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define STRATA_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define STRATA_WIDE
#endif

namespace strata::media {

struct YuvScale {
    float kr, kg, kb;         // luma weights (H.273)
    float black, lumaSpan;    // codes of luma
    float middle, chromaSpan; // codes of chroma
    float top;                // largest code

    YuvScale(ColorTags color, int depth) {
        std::pair<float, float> weights{0.299f, 0.114f};
        if (color.matrix == 1)
            weights = {0.2126f, 0.0722f};
        else if (color.matrix == 9 || color.matrix == 10)
            weights = {0.2627f, 0.0593f};
        else if (color.matrix == 7)
            weights = {0.212f, 0.087f};
        else if (color.matrix == 4)
            weights = {0.30f, 0.11f};
        kr = weights.first;
        kb = weights.second;
        kg = 1.0f - kr - kb;
        const float unit = float(1 << (depth - 8));
        top = float((1 << depth) - 1);
        black = color.fullRange ? 0.0f : 16.0f * unit;
        lumaSpan = color.fullRange ? top : 219.0f * unit;
        middle = 128.0f * unit;
        chromaSpan = color.fullRange ? top : 224.0f * unit;
    }
};

/// Weight of the other neighbour for even and odd positions when one sample becomes two:
/// out[2i] = (1 - even) c[i] + even c[i-1],  out[2i+1] = (1 - odd) c[i] + odd c[i+1].
struct Upsampling {
    float even, odd;
    explicit constexpr Upsampling(bool onEven)
        : even(onEven ? 0.0f : 0.25f)
        , odd(onEven ? 0.5f : 0.25f) {}
};

} // namespace strata::media
