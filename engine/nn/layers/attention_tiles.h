// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/cpu_target.h"

#include <algorithm>
#include <bit>
#include <cstdint>

// Pieces of attention for kernels on the CPU.
namespace strata::nn::tiles {

using Index = std::int64_t;
constexpr int kRows = 4; // of queries at a time: what fits into registers
constexpr int kLanes = 8;

/// Eight numbers that are worked on together; processors with shorter registers take turns.
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using WholeLanes = std::int32_t __attribute__((vector_size(kLanes * sizeof(std::int32_t))));

inline bool hasAvx2() { return cpuTarget() >= CpuTarget::Avx2; }

STRATA_INLINE Lanes load(const float* at) {
    Lanes x;
    __builtin_memcpy(&x, at, sizeof x);
    return x;
}

STRATA_INLINE void store(float* at, Lanes x) { __builtin_memcpy(at, &x, sizeof x); }

STRATA_INLINE Lanes all(float x) { return Lanes{} + x; }

STRATA_INLINE Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }

// e^x for x <= 0, to about the last bit of a float.
STRATA_INLINE Lanes exponential(Lanes x) {
    x = larger(x, all(-87.0f));
    // Rounds to nearest: x is not positive.
    const WholeLanes n = __builtin_convertvector(x * 1.44269504f - 0.5f, WholeLanes);
    const Lanes whole = __builtin_convertvector(n, Lanes);
    const Lanes r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    Lanes p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const WholeLanes power = (n + 127) << 23;
    return p * std::bit_cast<Lanes>(power);
}

// The largest of values[0 .. count).
STRATA_INLINE float largest(const float* values, int count) {
    float most = values[0];
    int j = 0;
    if (count >= kLanes) {
        Lanes lanes = load(values);
        for (j = kLanes; j + kLanes <= count; j += kLanes)
            lanes = larger(lanes, load(values + j));
        for (int c = 0; c < kLanes; ++c)
            most = std::max(most, lanes[c]);
    }
    for (; j < count; ++j)
        most = std::max(most, values[j]);
    return most;
}

// values[j] becomes e^((values[j] - most) * scale) for j < count and 0 up to `size`, a multiple of
// the lanes; returns their sum. No value before `count` may be above `most`.
STRATA_INLINE float weigh(float* values, int count, int size, float most, float scale) {
    const Lanes none = all(0.0f);
    Lanes sums = none;
    for (int j = 0; j < size; j += kLanes) {
        const Lanes below = (load(values + j) - most) * scale;
        Lanes weights = exponential(below < none ? below : none);
        for (int c = count - j; c < kLanes; ++c) // behind the last
            weights[std::max(c, 0)] = 0;
        store(values + j, weights);
        sums += weights;
    }
    float sum = 0;
    for (int c = 0; c < kLanes; ++c)
        sum += sums[c];
    return sum;
}

// Keys [count, width] at `stride` turned to [width, K], zero behind the last.
template <int K>
STRATA_INLINE void turn(const float* keys, int count, Index stride, Index width, float* turned) {
    for (Index d = 0; d < width; ++d)
        for (int j = 0; j < K; ++j)
            turned[d * K + j] = j < count ? keys[j * stride + d] : 0.0f;
}

// Products of kRows queries with K turned keys, to scores[r * stride + j].
template <int K>
STRATA_INLINE void score(const float* const (&q)[kRows], const float* turned, Index width,
                         float* scores, Index stride) {
    constexpr int kParts = K / kLanes;
    Lanes sums[kRows][kParts] = {};
    for (Index d = 0; d < width; ++d) {
        Lanes keys[kParts];
        for (int j = 0; j < kParts; ++j)
            keys[j] = load(turned + d * K + j * kLanes);
        for (int r = 0; r < kRows; ++r)
            for (int j = 0; j < kParts; ++j)
                sums[r][j] += q[r][d] * keys[j];
    }
    for (int r = 0; r < kRows; ++r)
        for (int j = 0; j < kParts; ++j)
            store(scores + r * stride + j * kLanes, sums[r][j]);
}

struct Values {
    const float* data;
    Index stride;
    int count;
};

// Parts * kLanes channels from `d` on: out[r] += sum over j of weights[r][j] values[j].
template <int Parts>
STRATA_INLINE void gather(const Values& v, const float* const (&weights)[kRows], Index d,
                          float* const (&out)[kRows]) {
    Lanes sums[kRows][Parts];
    for (int r = 0; r < kRows; ++r)
        for (int c = 0; c < Parts; ++c)
            sums[r][c] = load(out[r] + d + c * kLanes);
    for (int j = 0; j < v.count; ++j) {
        Lanes values[Parts];
        for (int c = 0; c < Parts; ++c)
            values[c] = load(v.data + j * v.stride + d + c * kLanes);
        for (int r = 0; r < kRows; ++r)
            for (int c = 0; c < Parts; ++c)
                sums[r][c] += weights[r][j] * values[c];
    }
    for (int r = 0; r < kRows; ++r)
        for (int c = 0; c < Parts; ++c)
            store(out[r] + d + c * kLanes, sums[r][c]);
}

// All channels; the four rows of `out` must be different memory.
STRATA_INLINE void gatherAll(const Values& v, Index width, const float* const (&weights)[kRows],
                             float* const (&out)[kRows]) {
    Index d = 0;
    for (; d + 3 * kLanes <= width; d += 3 * kLanes)
        gather<3>(v, weights, d, out);
    for (; d + 2 * kLanes <= width; d += 2 * kLanes)
        gather<2>(v, weights, d, out);
    for (; d + kLanes <= width; d += kLanes)
        gather<1>(v, weights, d, out);
    for (; d < width; ++d)
        for (int r = 0; r < kRows; ++r)
            for (int j = 0; j < v.count; ++j)
                out[r][d] += weights[r][j] * v.data[j * v.stride + d];
}

} // namespace strata::nn::tiles
