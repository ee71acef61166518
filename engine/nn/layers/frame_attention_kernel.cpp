// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers/frame_attention_kernel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

// The same code is compiled twice, for any processor and for those with AVX2 and FMA.
#if defined(__x86_64__) && defined(__GNUC__)
#define STRATA_TWO_TARGETS 1
#else
#define STRATA_TWO_TARGETS 0
#endif
#if defined(__GNUC__)
#define STRATA_INLINE inline __attribute__((always_inline))
#else
#define STRATA_INLINE inline
#endif

namespace strata::nn {
namespace {

using Index = std::int64_t;
constexpr int kRows = 4; // of queries at a time: what fits into registers

struct Head {
    const float* q;
    const float* k;
    const float* v;
    float* out;
    Index stride; // between frames
    Index width;
    int frames;
};

// e^x for x <= 0, to about the last bit of a float. Written so that a loop over it becomes SIMD.
STRATA_INLINE float exponential(float x) {
    x = std::max(x, -87.0f);
    const int n = static_cast<int>(x * 1.44269504f - 0.5f); // rounds to nearest: x is not positive
    const float r = (x - float(n) * 0.693359375f) + float(n) * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * std::bit_cast<float>((n + 127) << 23);
}

// Scores of kRows queries against all keys (turned: [width, FP]), made into weights.
template <int FP>
STRATA_INLINE void weigh(const Head& head, const float* const (&q)[kRows], const float* keys,
                         float scale, float (&weights)[kRows][FP]) {
    float sums[kRows][FP] = {};
    for (Index d = 0; d < head.width; ++d)
        for (int r = 0; r < kRows; ++r)
            for (int j = 0; j < FP; ++j)
                sums[r][j] += q[r][d] * keys[d * FP + j];
    for (int r = 0; r < kRows; ++r) {
        float most = sums[r][0];
        for (int j = 1; j < head.frames; ++j)
            most = std::max(most, sums[r][j]);
        for (int j = 0; j < FP; ++j) // what is behind the last frame is dropped below
            weights[r][j] = exponential(std::min(0.0f, (sums[r][j] - most) * scale));
        float total = 0;
        for (int j = 0; j < head.frames; ++j)
            total += weights[r][j];
        for (int j = 0; j < FP; ++j)
            weights[r][j] = j < head.frames ? weights[r][j] / total : 0.0f;
    }
}

// W channels of the weighted values of kRows queries.
template <int W, int FP>
STRATA_INLINE void gather(const Head& head, const float (&weights)[kRows][FP], Index d,
                          float* const (&out)[kRows]) {
    float sums[kRows][W] = {};
    for (int j = 0; j < head.frames; ++j) {
        const float* value = head.v + j * head.stride + d;
        for (int r = 0; r < kRows; ++r)
            for (int c = 0; c < W; ++c)
                sums[r][c] += weights[r][j] * value[c];
    }
    for (int r = 0; r < kRows; ++r)
        for (int c = 0; c < W; ++c)
            out[r][d + c] = sums[r][c];
}

template <int FP>
STRATA_INLINE void attendHead(const Head& head, float* keys) {
    const float scale = 1.0f / std::sqrt(float(head.width));
    for (Index d = 0; d < head.width; ++d)
        for (int j = 0; j < FP; ++j)
            keys[d * FP + j] = j < head.frames ? head.k[j * head.stride + d] : 0.0f;
    for (int i = 0; i < head.frames; i += kRows) {
        const float* q[kRows];
        float* out[kRows];
        for (int r = 0; r < kRows;
             ++r) { // the last rows are computed again when some are left over
            const Index frame = std::min(i + r, head.frames - 1);
            q[r] = head.q + frame * head.stride;
            out[r] = head.out + frame * head.stride;
        }
        float weights[kRows][FP];
        weigh<FP>(head, q, keys, scale, weights);
        Index d = 0;
        for (; d + 16 <= head.width; d += 16)
            gather<16>(head, weights, d, out);
        for (; d + 8 <= head.width; d += 8)
            gather<8>(head, weights, d, out);
        for (; d < head.width; ++d)
            gather<1>(head, weights, d, out);
    }
}

template <int FP>
STRATA_INLINE void attendPixels(const FrameAttention& s, const float* q, const float* k,
                                const float* v, float* out, Index from, Index to, float* keys) {
    const Index width = s.channels / s.heads, stride = s.pixels * s.channels;
    for (Index p = from; p < to; ++p)
        for (Index h = 0; h < s.heads; ++h) {
            const Index at =
                p / s.pixels * s.frames * stride + p % s.pixels * s.channels + h * width;
            attendHead<FP>({q + at, k + at, v + at, out + at, stride, width, int(s.frames)}, keys);
        }
}

STRATA_INLINE void attendAny(const FrameAttention& s, const float* q, const float* k,
                             const float* v, float* out, Index from, Index to, float* keys) {
    if (s.frames <= 8)
        attendPixels<8>(s, q, k, v, out, from, to, keys);
    else if (s.frames <= 16)
        attendPixels<16>(s, q, k, v, out, from, to, keys);
    else if (s.frames <= 24)
        attendPixels<24>(s, q, k, v, out, from, to, keys);
    else
        attendPixels<32>(s, q, k, v, out, from, to, keys);
}

#if STRATA_TWO_TARGETS
__attribute__((target("avx2,fma"))) void attendAvx2(const FrameAttention& s, const float* q,
                                                    const float* k, const float* v, float* out,
                                                    Index from, Index to, float* keys) {
    attendAny(s, q, k, v, out, from, to, keys);
}
#endif

} // namespace

void attendOverFrames(const FrameAttention& s, const float* q, const float* k, const float* v,
                      float* out, Index from, Index to) {
    std::vector<float> keys(std::size_t(s.channels / s.heads * kMostFrames));
#if STRATA_TWO_TARGETS
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return attendAvx2(s, q, k, v, out, from, to, keys.data());
#endif
    attendAny(s, q, k, v, out, from, to, keys.data());
}

} // namespace strata::nn
