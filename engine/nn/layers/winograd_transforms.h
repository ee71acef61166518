// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/cpu_target.h"

#include <cstdint>
#include <utility>

// The transforms of minimal filtering F(4x4, 3x3) (Lavin and Gray 2015, arXiv 1509.09308), for as
// many channels at a time as a vector has lanes: a patch of 6x6 pixels and a kernel of 3x3 become
// their values at 6x6 points, whose products give 4x4 pixels of the result.
//
// A picture's row times a kernel's row is a product of polynomials, evaluated at 0, +-a, +-b and
// infinity. The paper has a = 1, b = 2; those taken here are nearer to a circle around 0, so that
// their powers differ less, which makes errors less than half of the paper's. All factors of pixels
// are exact in single precision.
namespace strata::nn::winograd {

using Index = std::int64_t;

constexpr int kTile = 4;  // pixels of the result
constexpr int kPatch = 6; // pixels that are looked at
constexpr int kPoints = kPatch * kPatch;

constexpr float kA = 11.0f / 16, kB = 3.0f / 2;
constexpr float kA2 = kA * kA, kB2 = kB * kB;

template <int L>
struct VectorOf {
    typedef float Type __attribute__((vector_size(L * sizeof(float))));
};
template <int L>
using Vector = typename VectorOf<L>::Type;

template <int L>
STRATA_INLINE Vector<L> load(const float* at) {
    Vector<L> x;
    __builtin_memcpy(&x, at, sizeof x);
    return x;
}

template <int L>
STRATA_INLINE void store(float* at, const Vector<L>& x) {
    __builtin_memcpy(at, &x, sizeof x);
}

// Six pixels in a row to the points.
template <typename V>
STRATA_INLINE void pixelsToPoints(const V (&d)[6], V (&out)[6]) {
    const V evenA = d[4] - kB2 * d[2], oddA = d[3] - kB2 * d[1];
    const V evenB = d[4] - kA2 * d[2], oddB = d[3] - kA2 * d[1];
    out[0] = evenA - kA2 * (d[2] - kB2 * d[0]);
    out[1] = evenA + kA * oddA;
    out[2] = evenA - kA * oddA;
    out[3] = evenB + kB * oddB;
    out[4] = evenB - kB * oddB;
    out[5] = d[5] - kB2 * d[3] - kA2 * oddA;
}

// Three weights in a row to the points.
template <typename V>
STRATA_INLINE void weightsToPoints(const V (&g)[3], V (&out)[6]) {
    constexpr float atZero = 1 / (kA2 * kB2);
    constexpr float atA = 1 / (2 * kA2 * (kA2 - kB2)), atB = 1 / (2 * kB2 * (kB2 - kA2));
    const V evenA = atA * g[0] + (atA * kA2) * g[2], evenB = atB * g[0] + (atB * kB2) * g[2];
    out[0] = atZero * g[0];
    out[1] = evenA + (atA * kA) * g[1];
    out[2] = evenA - (atA * kA) * g[1];
    out[3] = evenB + (atB * kB) * g[1];
    out[4] = evenB - (atB * kB) * g[1];
    out[5] = g[2];
}

// Products at the points to four pixels in a row.
template <typename V>
STRATA_INLINE void pointsToPixels(const V (&m)[6], V (&out)[4]) {
    const V sumA = m[1] + m[2], sumB = m[3] + m[4];
    const V differenceA = m[1] - m[2], differenceB = m[3] - m[4];
    out[0] = m[0] + sumA + sumB;
    out[1] = kA * differenceA + kB * differenceB;
    out[2] = kA2 * sumA + kB2 * sumB;
    out[3] = (kA2 * kA) * differenceA + (kB2 * kB) * differenceB + m[5];
}

// Row i and row i + D exchange the lanes that have bit D in their number: one step of turning a
// square of lanes.
template <int L, int D, int... J>
STRATA_INLINE void exchange(Vector<L>& a, Vector<L>& b, std::integer_sequence<int, J...>) {
    const Vector<L> upper = __builtin_shufflevector(a, b, ((J & D) ? J - D + L : J)...);
    b = __builtin_shufflevector(a, b, ((J & D) ? J + L : J + D)...);
    a = upper;
}

template <int L, int D>
STRATA_INLINE void turnBy(Vector<L> (&rows)[L]) {
    for (int i = 0; i < L; ++i)
        if ((i & D) == 0)
            exchange<L, D>(rows[i], rows[i + D], std::make_integer_sequence<int, L>());
    if constexpr (D > 1)
        turnBy<L, D / 2>(rows);
}

// L rows of L numbers at `stride` become columns, one after the other.
template <int L>
STRATA_INLINE void turn(const float* from, Index stride, float* to) {
    Vector<L> rows[L];
    for (int i = 0; i < L; ++i)
        rows[i] = load<L>(from + i * stride);
    turnBy<L, L / 2>(rows);
    for (int i = 0; i < L; ++i)
        store<L>(to + i * L, rows[i]);
}

// pixels[36] of a patch, from channel `c` on, to[p * stride] for point p.
template <int L>
STRATA_INLINE void transformPatch(const float* const* pixels, Index c, float* to, Index stride) {
    using V = Vector<L>;
    V columns[6][6];
    for (int x = 0; x < 6; ++x) {
        V given[6], points[6];
        for (int y = 0; y < 6; ++y)
            given[y] = load<L>(pixels[y * 6 + x] + c);
        pixelsToPoints(given, points);
        for (int y = 0; y < 6; ++y)
            columns[y][x] = points[y];
    }
    for (int y = 0; y < 6; ++y) {
        V points[6];
        pixelsToPoints(columns[y], points);
        for (int x = 0; x < 6; ++x)
            store<L>(to + (y * 6 + x) * stride, points[x]);
    }
}

// kernel[9][L] -> to[p * stride]
template <int L>
STRATA_INLINE void transformKernel(const float* kernel, float* to, Index stride) {
    using V = Vector<L>;
    V columns[6][3];
    for (int x = 0; x < 3; ++x) {
        const V given[3] = {load<L>(kernel + x * L), load<L>(kernel + (3 + x) * L),
                            load<L>(kernel + (6 + x) * L)};
        V points[6];
        weightsToPoints(given, points);
        for (int y = 0; y < 6; ++y)
            columns[y][x] = points[y];
    }
    for (int y = 0; y < 6; ++y) {
        V points[6];
        weightsToPoints(columns[y], points);
        for (int x = 0; x < 6; ++x)
            store<L>(to + (y * 6 + x) * stride, points[x]);
    }
}

// products[p * stride] -> out[4][4], `bias` added.
template <int L>
STRATA_INLINE void transformProducts(const float* products, Index stride, const Vector<L>& bias,
                                     Vector<L> (&out)[4][4]) {
    using V = Vector<L>;
    V columns[4][6];
    for (int x = 0; x < 6; ++x) {
        V given[6], pixels[4];
        for (int y = 0; y < 6; ++y)
            given[y] = load<L>(products + (y * 6 + x) * stride);
        pointsToPixels(given, pixels);
        for (int y = 0; y < 4; ++y)
            columns[y][x] = pixels[y];
    }
    for (int y = 0; y < 4; ++y) {
        pointsToPixels(columns[y], out[y]);
        for (int x = 0; x < 4; ++x)
            out[y][x] += bias;
    }
}

} // namespace strata::nn::winograd
