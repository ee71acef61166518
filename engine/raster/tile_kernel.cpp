// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/tile_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

// Contracting a multiplication and an addition on one machine and not on another would change
// edges.
#if defined(__clang__)
#pragma clang fp contract(off)
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#if defined(__x86_64__) || defined(__i386__)
#define STRATA_RASTER_AVX2 1
#endif

namespace strata {
namespace {

using Floats = float __attribute__((vector_size(32)));
using Ints = std::int32_t __attribute__((vector_size(32)));
constexpr int kLanes = 8;

#define STRATA_INLINE static inline __attribute__((always_inline))

template <typename V, typename T>
STRATA_INLINE void load(V& out, const T* from) {
    std::memcpy(&out, from, sizeof(V));
}

template <typename V, typename T>
STRATA_INLINE void store(const V& value, T* to) {
    std::memcpy(to, &value, sizeof(V));
}

/// Eight samples whose first centre is at x (a multiple of 8, plus a half): row holds b v + c of
/// the three edges.
STRATA_INLINE void sampleEight(const TriangleSetup& t, const double row[3], double x,
                               float nearPlane, std::size_t at, TileBuffers& tile) {
    const Floats lane = {0, 1, 2, 3, 4, 5, 6, 7};
    Floats e[3];
    Ints inside = {-1, -1, -1, -1, -1, -1, -1, -1};
    for (int i = 0; i < 3; ++i) {
        e[i] = float(t.a[i] * x + row[i]) + float(t.a[i]) * lane;
        inside &= Ints(e[i] > 0.f) | (Ints(e[i] == 0.f) & t.inclusive[i]);
    }
    std::uint64_t any[4];
    std::memcpy(any, &inside, sizeof any);
    if (!(any[0] | any[1] | any[2] | any[3]))
        return;
    const Floats scale = 1.f / (e[0] + e[1] + e[2]);
    const Floats first = e[0] * scale;
    const Floats second = e[1] * scale;
    const Floats z = first * t.z[0] + second * t.z[1] + (1.f - first - second) * t.z[2];
    Floats oldZ, oldFirst, oldSecond;
    Ints oldFace;
    load(oldZ, &tile.depth[at]);
    load(oldFirst, &tile.first[at]);
    load(oldSecond, &tile.second[at]);
    load(oldFace, &tile.face[at]);
    const Ints pass = inside & Ints(z < oldZ) & Ints(z >= nearPlane);
    const Ints face = Ints{} + t.face;
    store(Ints((face & pass) | (oldFace & ~pass)), &tile.face[at]);
    store(Ints(((Ints)z & pass) | ((Ints)oldZ & ~pass)), &tile.depth[at]);
    store(Ints(((Ints)first & pass) | ((Ints)oldFirst & ~pass)), &tile.first[at]);
    store(Ints(((Ints)second & pass) | ((Ints)oldSecond & ~pass)), &tile.second[at]);
}

/// True if no sample of the block can be inside. The margin keeps the answer on the safe side of
/// the rounding in sampleEight().
STRATA_INLINE bool misses(const TriangleSetup& t, double x0, double y0, double x1, double y1) {
    for (int i = 0; i < 3; ++i) {
        const double best =
            t.a[i] * (t.a[i] > 0 ? x1 : x0) + (t.b[i] * (t.b[i] > 0 ? y1 : y0) + t.c[i]);
        if (best < -1e-3 * (std::abs(t.a[i]) + std::abs(t.b[i])))
            return true;
    }
    return false;
}

STRATA_INLINE void sampleTriangle(const TriangleSetup& t, float nearPlane, TileBuffers& tile) {
    const int x0 = std::max(t.box.x0, tile.area.x0) & ~(kLanes - 1);
    const int y0 = std::max(t.box.y0, tile.area.y0);
    const int x1 = std::min(t.box.x1, tile.area.x1);
    const int y1 = std::min(t.box.y1, tile.area.y1);
    const bool testBlocks = x1 - x0 > 2 * kLanes || y1 - y0 > 2 * kLanes;
    for (int top = y0; top < y1; top += kLanes) {
        const int bottom = std::min(top + kLanes, y1);
        for (int x = x0; x < x1; x += kLanes) {
            if (testBlocks && misses(t, x + 0.5, top + 0.5, x + kLanes - 0.5, bottom - 0.5))
                continue;
            for (int y = top; y < bottom; ++y) {
                const double v = y + 0.5;
                const double row[3] = {t.b[0] * v + t.c[0], t.b[1] * v + t.c[1],
                                       t.b[2] * v + t.c[2]};
                const auto at = std::size_t(y - tile.area.y0) * tile.stride + (x - tile.area.x0);
                sampleEight(t, row, x + 0.5, nearPlane, at, tile);
            }
        }
    }
}

void sampleTriangleBase(const TriangleSetup& t, float nearPlane, TileBuffers& tile) {
    sampleTriangle(t, nearPlane, tile);
}

#ifdef STRATA_RASTER_AVX2
__attribute__((target("avx2"))) void sampleTriangleAvx2(const TriangleSetup& t, float nearPlane,
                                                        TileBuffers& tile) {
    sampleTriangle(t, nearPlane, tile);
}
#endif

} // namespace

void TileBuffers::reset(const RectI& newArea) {
    area = newArea;
    stride = (newArea.width() + kLanes - 1) / kLanes * kLanes;
    const auto count = std::size_t(stride) * newArea.height();
    face.assign(count, -1);
    first.assign(count, 0.f);
    second.assign(count, 0.f);
    depth.assign(count, std::numeric_limits<float>::infinity());
}

std::vector<TileKernel> allTileKernels() {
#ifdef STRATA_RASTER_AVX2
    if (__builtin_cpu_supports("avx2"))
        return {sampleTriangleAvx2, sampleTriangleBase};
#endif
    return {sampleTriangleBase};
}

TileKernel tileKernel() {
    static const TileKernel fastest = allTileKernels().front();
    return fastest;
}

} // namespace strata
