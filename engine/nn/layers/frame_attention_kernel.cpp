// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers/frame_attention_kernel.h"

#include "engine/nn/layers/attention_tiles.h"

#include <cmath>
#include <cstring>
#include <vector>

namespace strata::nn {
namespace {

using namespace tiles;

struct Head {
    const float* q;
    const float* k;
    const float* v;
    float* out;
    Index stride; // between frames
    Index width;
    int frames;
};

// Room for the turned keys and for the results of four queries.
struct Scratch {
    float* keys;
    float* sums;
};

template <int FP>
STRATA_INLINE void attendHead(const Head& head, const Scratch& scratch) {
    const float scale = 1.0f / std::sqrt(float(head.width));
    turn<FP>(head.k, head.frames, head.stride, head.width, scratch.keys);
    for (int i = 0; i < head.frames; i += kRows) {
        const int rows = std::min(kRows, head.frames - i);
        const float* q[kRows];
        for (int r = 0; r < kRows; ++r) // the last row stands in for those that are not there
            q[r] = head.q + Index(std::min(i + r, head.frames - 1)) * head.stride;
        float scores[kRows][FP];
        score<FP>(q, scratch.keys, head.width, scores[0], FP);
        const float* weights[kRows];
        float* sums[kRows];
        float totals[kRows];
        for (int r = 0; r < kRows; ++r) {
            totals[r] = weigh(scores[r], head.frames, FP, largest(scores[r], head.frames), scale);
            weights[r] = scores[r];
            sums[r] = scratch.sums + r * head.width;
        }
        std::memset(scratch.sums, 0, sizeof(float) * std::size_t(kRows * head.width));
        gatherAll({head.v, head.stride, head.frames}, head.width, weights, sums);
        for (int r = 0; r < rows; ++r) {
            float* out = head.out + Index(i + r) * head.stride;
            const float factor = 1.0f / totals[r];
            for (Index d = 0; d < head.width; ++d)
                out[d] = sums[r][d] * factor;
        }
    }
}

template <int FP>
STRATA_INLINE void attendPixels(const FrameAttention& s, const float* q, const float* k,
                                const float* v, float* out, Index from, Index to,
                                const Scratch& scratch) {
    const Index width = s.channels / s.heads, stride = s.pixels * s.channels;
    for (Index p = from; p < to; ++p)
        for (Index h = 0; h < s.heads; ++h) {
            const Index at =
                p / s.pixels * s.frames * stride + p % s.pixels * s.channels + h * width;
            attendHead<FP>({q + at, k + at, v + at, out + at, stride, width, int(s.frames)},
                           scratch);
        }
}

STRATA_INLINE void attendAny(const FrameAttention& s, const float* q, const float* k,
                             const float* v, float* out, Index from, Index to,
                             const Scratch& scratch) {
    if (s.frames <= 8)
        attendPixels<8>(s, q, k, v, out, from, to, scratch);
    else if (s.frames <= 16)
        attendPixels<16>(s, q, k, v, out, from, to, scratch);
    else if (s.frames <= 24)
        attendPixels<24>(s, q, k, v, out, from, to, scratch);
    else
        attendPixels<32>(s, q, k, v, out, from, to, scratch);
}

#if STRATA_X86_TARGETS
STRATA_AVX2 void attendAvx2(const FrameAttention& s, const float* q, const float* k, const float* v,
                            float* out, Index from, Index to, const Scratch& scratch) {
    attendAny(s, q, k, v, out, from, to, scratch);
}
#endif

} // namespace

void attendOverFrames(const FrameAttention& s, const float* q, const float* k, const float* v,
                      float* out, Index from, Index to) {
    const Index width = s.channels / s.heads;
    std::vector<float> memory(std::size_t(width * (kMostFrames + kRows)));
    const Scratch scratch{memory.data(), memory.data() + width * kMostFrames};
#if STRATA_X86_TARGETS
    if (hasAvx2())
        return attendAvx2(s, q, k, v, out, from, to, scratch);
#endif
    attendAny(s, q, k, v, out, from, to, scratch);
}

} // namespace strata::nn
