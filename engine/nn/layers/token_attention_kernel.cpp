// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers/token_attention_kernel.h"

#include "engine/nn/layers/attention_tiles.h"

#include <cmath>
#include <limits>
#include <vector>

namespace strata::nn {
namespace {

using namespace tiles;

constexpr Index kQueries = 128; // of one task
constexpr int kPanel = 24;      // keys that are scored together
constexpr int kTile = 4 * kPanel;

// What a task works on. Rows of queries beyond the last exist here, so that four at a time always
// have somewhere to write.
struct Scratch {
    explicit Scratch(Index width)
        : turned(std::size_t(width * kTile))
        , scores(std::size_t((kQueries + kRows) * kTile))
        , sums(std::size_t((kQueries + kRows) * width))
        , most(std::size_t(kQueries + kRows))
        , totals(std::size_t(kQueries + kRows)) {}
    std::vector<float> turned, scores, sums, most, totals;
};

struct Block {
    const float* q; // of the first query
    Index queries, stride, width;
    float scale;
};

STRATA_INLINE void scoreTile(const Block& block, const float* keys, int count, Scratch& scratch) {
    const int panels = (count + kPanel - 1) / kPanel;
    for (int p = 0; p < panels; ++p)
        turn<kPanel>(keys + Index(p) * kPanel * block.stride, std::min(kPanel, count - p * kPanel),
                     block.stride, block.width,
                     scratch.turned.data() + Index(p) * kPanel * block.width);
    for (Index i = 0; i < block.queries; i += kRows) {
        const float* q[kRows];
        for (int r = 0; r < kRows; ++r)
            q[r] = block.q + std::min(i + r, block.queries - 1) * block.stride;
        for (int p = 0; p < panels; ++p)
            score<kPanel>(q, scratch.turned.data() + Index(p) * kPanel * block.width, block.width,
                          scratch.scores.data() + i * kTile + p * kPanel, kTile);
    }
}

// Scores of the tile become weights relative to the largest score so far; what was gathered before
// is corrected where that has grown.
STRATA_INLINE void weighTile(const Block& block, int count, Scratch& scratch) {
    const int size = (count + kPanel - 1) / kPanel * kPanel;
    for (Index i = 0; i < block.queries; ++i) {
        float* scores = scratch.scores.data() + i * kTile;
        const auto at = std::size_t(i);
        const float before = scratch.most[at];
        const float most = std::max(before, largest(scores, count));
        const float sum = weigh(scores, count, size, most, block.scale);
        if (most > before) {
            const float factor = exponential(all((before - most) * block.scale))[0];
            scratch.most[at] = most;
            scratch.totals[at] *= factor;
            float* sums = scratch.sums.data() + i * block.width;
            for (Index d = 0; d < block.width; ++d)
                sums[d] *= factor;
        }
        scratch.totals[at] += sum;
    }
}

STRATA_INLINE void gatherTile(const Block& block, const float* values, int count,
                              Scratch& scratch) {
    for (Index i = 0; i < block.queries; i += kRows) {
        const float* weights[kRows];
        float* sums[kRows];
        for (int r = 0; r < kRows; ++r) {
            weights[r] = scratch.scores.data() + (i + r) * kTile;
            sums[r] = scratch.sums.data() + (i + r) * block.width;
        }
        gatherAll({values, block.stride, count}, block.width, weights, sums);
    }
}

STRATA_INLINE void attendTask(const TokenAttention& a, Index task, Scratch& scratch) {
    const Index blocks = a.blocks();
    const Index row = task / (blocks * a.heads), head = task / blocks % a.heads;
    const Index first = task % blocks * kQueries;
    const Index width = a.channels / a.heads, start = (row * a.tokens + first) * a.channels;
    const Block block{a.queries + start + head * width, std::min(kQueries, a.tokens - first),
                      a.channels, width, 1.0f / std::sqrt(float(width))};
    std::fill(scratch.sums.begin(), scratch.sums.end(), 0.0f);
    std::fill(scratch.totals.begin(), scratch.totals.end(), 0.0f);
    std::fill(scratch.most.begin(), scratch.most.end(), -std::numeric_limits<float>::max());
    for (const TokenRows& seen : a.seen)
        for (Index from = 0; from < seen.count; from += kTile) {
            const int count = int(std::min<Index>(kTile, seen.count - from));
            const Index at = (row / seen.rowsEach * seen.count + from) * a.channels + head * width;
            scoreTile(block, seen.keys + at, count, scratch);
            weighTile(block, count, scratch);
            gatherTile(block, seen.values + at, count, scratch);
        }
    for (Index i = 0; i < block.queries; ++i) {
        float* out = a.out + start + i * a.channels + head * width;
        const float factor = 1.0f / scratch.totals[std::size_t(i)];
        for (Index d = 0; d < width; ++d)
            out[d] = scratch.sums[std::size_t(i * width + d)] * factor;
    }
}

STRATA_INLINE void attendAll(const TokenAttention& a, Index from, Index to, Scratch& scratch) {
    for (Index task = from; task < to; ++task)
        attendTask(a, task, scratch);
}

#if STRATA_X86_TARGETS
STRATA_AVX2 void attendAvx2(const TokenAttention& a, Index from, Index to, Scratch& scratch) {
    attendAll(a, from, to, scratch);
}
#endif

} // namespace

std::int64_t TokenAttention::blocks() const { return (tokens + kQueries - 1) / kQueries; }

void attendTokens(const TokenAttention& attention, std::int64_t from, std::int64_t to) {
    Scratch scratch(attention.channels / attention.heads);
#if STRATA_X86_TARGETS
    if (hasAvx2())
        return attendAvx2(attention, from, to, scratch);
#endif
    attendAll(attention, from, to, scratch);
}

} // namespace strata::nn
