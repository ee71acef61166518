// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers/winograd_kernel.h"

#include "engine/nn/layers/winograd_transforms.h"

#include <algorithm>
#include <array>
#include <vector>

namespace strata::nn {
namespace {

using namespace winograd;

constexpr Index kRows = 6;    // tiles of a block
constexpr Index kPanel = 64;  // channels of the result that are made together
constexpr Index kGroup = 16;  // channels are multiples of
constexpr Index kSlice = 160; // most channels that a panel of weights in the cache is made of
constexpr Index kChunkBytes = 36 << 20;
constexpr Index kPartBlocks = 32; // most blocks of a part: 192 tiles for each transformed weight

constexpr Index divided(Index a, Index b) { return (a + b - 1) / b; }

// Channels of a slice; all slices but the last have as many.
Index sliceWidth(const ConvolutionShape& s) {
    return divided(divided(s.in, divided(s.in, kSlice)), kGroup) * kGroup;
}

Index blockFloats(const ConvolutionShape& s) { return kPoints * kRows * s.in; }

struct Slice {
    Index from, width;
};

Slice sliceFrom(const ConvolutionShape& s, Index from) {
    return {from, std::min(sliceWidth(s), s.in - from)};
}

// Where the patches of a slice of a block begin: [point][tile][channel of the slice].
Index patchesAt(const ConvolutionShape& s, Index block, const Slice& slice) {
    return block * blockFloats(s) + kPoints * kRows * slice.from;
}

struct Tile {
    Index picture, y, x; // pixel of the upper left corner

    Tile(const ConvolutionShape& s, Index number)
        : picture(number / (s.tilesDown() * s.tilesAcross()))
        , y(number / s.tilesAcross() % s.tilesDown() * kTile)
        , x(number % s.tilesAcross() * kTile) {}
};

// Pixels beyond the picture's edge, or of a tile behind the last, are `none`.
std::array<const float*, kPoints> patchOf(const WinogradWork& w, Index number, const float* none) {
    const auto& s = w.shape;
    std::array<const float*, kPoints> pixels;
    pixels.fill(none);
    if (number >= s.tiles())
        return pixels;
    const Tile tile(s, number);
    for (Index i = 0; i < kPatch; ++i)
        for (Index j = 0; j < kPatch; ++j) {
            const Index y = tile.y + i - 1, x = tile.x + j - 1;
            if (y >= 0 && y < s.height && x >= 0 && x < s.width)
                pixels[std::size_t(i * kPatch + j)] =
                    w.pictures + ((tile.picture * s.height + y) * s.width + x) * s.in;
        }
    return pixels;
}

template <int L>
STRATA_INLINE void transformTiles(const WinogradWork& w, Index number) {
    const std::vector<float> none(std::size_t(w.shape.in)); // black beyond the edge
    for (Index row = 0; row < kRows; ++row) {
        const auto pixels = patchOf(w, (w.first + number) * kRows + row, none.data());
        for (Index from = 0; from < w.shape.in;) {
            const Slice slice = sliceFrom(w.shape, from);
            float* to = w.patches + patchesAt(w.shape, number, slice) + row * slice.width;
            for (Index c = 0; c < slice.width; c += L)
                transformPatch<L>(pixels.data(), from + c, to + c, kRows * slice.width);
            from += slice.width;
        }
    }
}

struct Panel {
    Index from, width; // channels of the result
};

// -> [point][channel of the slice][channel of the panel]
template <int L>
STRATA_INLINE void transformWeights(const WinogradWork& w, const Panel& panel, const Slice& slice,
                                    float* to) {
    alignas(64) float turned[9 * L * L];
    const Index stride = w.shape.in * 9;
    for (Index o = 0; o < panel.width; o += L)
        for (Index c = 0; c < slice.width; c += L) {
            const float* from = w.weights + (panel.from + o) * stride + (slice.from + c) * 9;
            for (int part = 0; part < 9; ++part) {
                // Rows are far apart in memory; their next numbers are fetched early.
                for (Index i = 0; i < L; ++i)
                    __builtin_prefetch(from + (9 + part) * L + i * stride);
                turn<L>(from + part * L, stride, turned + part * L * L);
            }
            for (Index i = 0; i < L; ++i)
                transformKernel<L>(turned + i * 9 * L, to + (c + i) * kPanel + o,
                                   slice.width * kPanel);
        }
}

// kRows rows of patches times Parts * L columns of weights, added to what was there if `more`. Each
// slice has sums of its own: fewer additions in a row lose fewer digits.
template <int L, int Parts>
STRATA_INLINE void multiply(const float* patches, Index depth, const float* weights, float* to,
                            bool more) {
    Vector<L> sums[kRows][Parts] = {};
    for (Index k = 0; k < depth; ++k) {
        Vector<L> columns[Parts];
        for (int p = 0; p < Parts; ++p)
            columns[p] = load<L>(weights + k * kPanel + p * L);
        for (int r = 0; r < kRows; ++r)
            for (int p = 0; p < Parts; ++p)
                sums[r][p] += patches[r * depth + k] * columns[p];
    }
    if (more)
        for (int r = 0; r < kRows; ++r)
            for (int p = 0; p < Parts; ++p)
                sums[r][p] += load<L>(to + r * kPanel + p * L);
    for (int r = 0; r < kRows; ++r)
        for (int p = 0; p < Parts; ++p)
            store<L>(to + r * kPanel + p * L, sums[r][p]);
}

// All columns of a panel; as many at a time as registers hold.
template <int L>
STRATA_INLINE void multiplyBlock(const float* patches, Index depth, const float* weights,
                                 Index width, float* to, bool more) {
    if constexpr (L == kGroup) {
        if (width == 4 * L)
            multiply<L, 4>(patches, depth, weights, to, more);
        else if (width == 3 * L)
            multiply<L, 3>(patches, depth, weights, to, more);
        else if (width == 2 * L)
            multiply<L, 2>(patches, depth, weights, to, more);
        else
            multiply<L, 1>(patches, depth, weights, to, more);
    } else {
        for (Index o = 0; o < width; o += 2 * L)
            multiply<L, 2>(patches, depth, weights + o, to + o, more);
    }
}

// Products of a tile [point][6 rows][channel of the panel] to its pixels that lie in the picture.
template <int L>
STRATA_INLINE void finishTile(const WinogradWork& w, Index number, const Panel& panel,
                              const float* products) {
    const auto& s = w.shape;
    const Tile tile(s, number);
    const Index rows = std::min<Index>(kTile, s.height - tile.y);
    const Index columns = std::min<Index>(kTile, s.width - tile.x);
    float* to = w.result + ((tile.picture * s.height + tile.y) * s.width + tile.x) * s.out;
    for (Index o = 0; o < panel.width; o += L) {
        Vector<L> bias = {};
        if (w.bias)
            bias = load<L>(w.bias + panel.from + o);
        Vector<L> pixels[kTile][kTile];
        transformProducts<L>(products + o, kRows * kPanel, bias, pixels);
        for (Index y = 0; y < rows; ++y)
            for (Index x = 0; x < columns; ++x)
                store<L>(to + (y * s.width + x) * s.out + panel.from + o, pixels[y][x]);
    }
}

// Products of a part of the chunk with a panel of the weights, one slice of it.
struct Products {
    const WinogradWork& work;
    Panel panel;
    Slice slice;
    Index from, to;       // blocks
    const float* weights; // [point][channel of the slice][kPanel]
    float* result;        // [block][point][kRows][kPanel]
};

template <int L>
STRATA_INLINE void multiplyAll(const Products& p) {
    const Index depth = p.slice.width;
    for (Index point = 0; point < kPoints; ++point)
        for (Index block = p.from; block < p.to; ++block)
            multiplyBlock<L>(
                p.work.patches + patchesAt(p.work.shape, block, p.slice) + point * kRows * depth,
                depth, p.weights + point * depth * kPanel, p.panel.width,
                p.result + ((block - p.from) * kPoints + point) * kRows * kPanel, p.slice.from > 0);
}

template <int L>
STRATA_INLINE void runTask(const WinogradWork& w, Index task, float* scratch,
                           void (*multiply)(const Products&)) {
    const auto& s = w.shape;
    const Index part = task % w.parts, start = task / w.parts * kPanel;
    const Index from = w.chunk * part / w.parts, to = w.chunk * (part + 1) / w.parts;
    const Panel panel{start, std::min(kPanel, s.out - start)};
    float* products = scratch + kPoints * sliceWidth(s) * kPanel;
    for (Index c = 0; c < s.in; c += sliceWidth(s)) {
        const Slice slice = sliceFrom(s, c);
        transformWeights<L>(w, panel, slice, scratch);
        multiply({w, panel, slice, from, to, scratch, products});
    }
    const Index first = (w.first + from) * kRows;
    const Index count = std::min((w.first + to) * kRows, s.tiles()) - first;
    for (Index i = 0; i < count; ++i)
        finishTile<L>(w, first + i, panel,
                      products + (i / kRows * kPoints * kRows + i % kRows) * kPanel);
}

// Products are functions of their own: their sums need all registers, which the constants of the
// transforms would take.
#define STRATA_APART __attribute__((noinline))

STRATA_APART void multiplyAny(const Products& p) { multiplyAll<8>(p); }

#if STRATA_X86_TARGETS
STRATA_APART STRATA_AVX2 void multiplyAvx2(const Products& p) { multiplyAll<8>(p); }
STRATA_AVX2 void transformAvx2(const WinogradWork& w, Index number) {
    transformTiles<8>(w, number);
}
STRATA_AVX2 void runAvx2(const WinogradWork& w, Index task, float* scratch) {
    runTask<8>(w, task, scratch, multiplyAvx2);
}
STRATA_APART STRATA_AVX512 void multiplyAvx512(const Products& p) { multiplyAll<16>(p); }
STRATA_AVX512 void transformAvx512(const WinogradWork& w, Index number) {
    transformTiles<16>(w, number);
}
STRATA_AVX512 void runAvx512(const WinogradWork& w, Index task, float* scratch) {
    runTask<16>(w, task, scratch, multiplyAvx512);
}
#endif

} // namespace

WinogradWork::WinogradWork(const ConvolutionShape& given, CpuTarget where)
    : shape(given)
    , target(where) {
    const Index most = std::max<Index>(1, kChunkBytes / 4 / blockFloats(shape));
    chunk = divided(blocks(), divided(blocks(), most));
    parts = divided(chunk, kPartBlocks);
}

std::int64_t WinogradWork::blocks() const { return divided(shape.tiles(), kRows); }

std::int64_t WinogradWork::patchFloats() const { return chunk * blockFloats(shape); }

std::int64_t WinogradWork::scratchFloats() const {
    return kPoints * kPanel * (sliceWidth(shape) + kRows * divided(chunk, parts));
}

std::int64_t WinogradWork::tasks() const { return divided(shape.out, kPanel) * parts; }

void transformBlock(const WinogradWork& work, std::int64_t number) {
#if STRATA_X86_TARGETS
    if (work.target == CpuTarget::Avx512)
        return transformAvx512(work, number);
    if (work.target == CpuTarget::Avx2)
        return transformAvx2(work, number);
#endif
    transformTiles<8>(work, number);
}

void multiplyTask(const WinogradWork& work, std::int64_t task, float* scratch) {
#if STRATA_X86_TARGETS
    if (work.target == CpuTarget::Avx512)
        return runAvx512(work, task, scratch);
    if (work.target == CpuTarget::Avx2)
        return runAvx2(work, task, scratch);
#endif
    runTask<8>(work, task, scratch, multiplyAny);
}

} // namespace strata::nn
