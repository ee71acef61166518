// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/seeded_noise.h"

#include "engine/core/parallel.h"

#include <array>
#include <cmath>
#include <numbers>

namespace strata {
namespace {

using Words = std::array<std::uint32_t, 4>;

/// Philox 4x32 with ten rounds: a counter and a key to four random words.
Words philox(Words counter, std::uint64_t seed) {
    auto keyLow = std::uint32_t(seed), keyHigh = std::uint32_t(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = 0xD2511F53ull * counter[0];
        const std::uint64_t b = 0xCD9E8D57ull * counter[2];
        counter = {std::uint32_t(b >> 32) ^ counter[1] ^ keyLow, std::uint32_t(b),
                   std::uint32_t(a >> 32) ^ counter[3] ^ keyHigh, std::uint32_t(a)};
        keyLow += 0x9E3779B9u;
        keyHigh += 0xBB67AE85u;
    }
    return counter;
}

/// Two random words to two normal numbers.
std::array<float, 2> normalPair(std::uint32_t a, std::uint32_t b) {
    const double u = (double(a) + 1.0) / 4294967296.0; // in (0, 1]
    const double angle = 2.0 * std::numbers::pi * (double(b) / 4294967296.0);
    const double radius = std::sqrt(-2.0 * std::log(u));
    return {float(radius * std::cos(angle)), float(radius * std::sin(angle))};
}

void fillFrame(const NoiseKey& key, std::int64_t frame, std::span<float> out) {
    const auto frameLow = std::uint32_t(std::uint64_t(frame));
    const auto frameHigh = std::uint32_t(std::uint64_t(frame) >> 32);
    for (std::size_t at = 0; at < out.size(); at += 4) {
        const Words words =
            philox({std::uint32_t(at / 4), frameLow, key.stream, frameHigh}, key.seed);
        const auto first = normalPair(words[0], words[1]), second = normalPair(words[2], words[3]);
        const float four[4] = {first[0], first[1], second[0], second[1]};
        for (std::size_t i = 0; i < 4 && at + i < out.size(); ++i)
            out[at + i] = four[i];
    }
}

} // namespace

FrameStack seededNoise(const NoiseKey& key, int frames, FrameShape shape) {
    FrameStack out(frames, shape);
    parallelFor(0, frames, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto f = begin; f < end; ++f)
            fillFrame(key, key.firstFrame + f, out.frame(int(f)));
    });
    return out;
}

} // namespace strata
