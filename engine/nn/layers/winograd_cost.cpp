// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers/winograd_cost.h"

#include <algorithm>

namespace strata::nn {
namespace {

// Time in multiplications of a direct convolution. Fitted to timings of some layers of the
// generator on one processor with AVX-512; others are assumed to be alike.
constexpr double kProduct = 1.1; // one multiplication of a matrix product
constexpr double kValue = 20;    // one value of a patch, or of the products, at a point
constexpr double kWeight = 45;   // one weight at a point
constexpr double kCall = 1e6;

constexpr double kPoints = 36;
constexpr std::int64_t kFewestChannels = 128;
// Decided as if there were so many, whatever their number: the result of a picture must not depend
// on how many are worked on at once, which the memory plan chooses.
constexpr std::int64_t kPictures = 8;

} // namespace

bool winogradIsQuicker(const ConvolutionShape& shape, CpuTarget target) {
    ConvolutionShape s = shape;
    s.pictures = kPictures;
    const bool possible = s.in % 16 == 0 && s.out % 16 == 0 && shape.tiles() > 0;
    if (!possible || target == CpuTarget::Any || std::min(s.in, s.out) < kFewestChannels)
        return false;
    const WinogradWork work(s, target);
    const double tiles = double(work.blocks() * 6), in = double(s.in), out = double(s.out);
    const double passes = double((work.blocks() + work.chunk - 1) / work.chunk * work.parts);
    const double direct = 9.0 * double(s.pictures * s.height * s.width) * in * out;
    const double filtered = kPoints * (kProduct * tiles * in * out + kValue * tiles * (in + out) +
                                       kWeight * passes * in * out);
    return filtered + kCall < direct;
}

std::int64_t winogradBytes(const ConvolutionShape& s, int threads) {
    const WinogradWork work(s, CpuTarget::Any);
    return 4 * (work.patchFloats() + threads * work.scratchFloats());
}

} // namespace strata::nn
