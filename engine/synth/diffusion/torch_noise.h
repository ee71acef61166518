// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/diffusion/frame_stack.h"
#include "engine/synth/diffusion/half_arithmetic.h"

#include <array>
#include <cstdint>
#include <span>

namespace strata {

/// The stream of normal numbers that LibTorch's CPU generator gives for a seed. Numbers drawn in
/// half precision are another stream than those in float: they have 11 random bits.
class TorchNormals {
public:
    explicit TorchNormals(std::uint64_t seed);

    /// Fills `out` as one call of randn does; every call goes on where the last one ended.
    void fill(std::span<float> out, Arithmetic arithmetic);

private:
    std::uint32_t next();
    float uniform(Arithmetic arithmetic);
    double uniformDouble();
    void fillFew(std::span<float> out, Arithmetic arithmetic);
    void refill();

    std::array<std::uint32_t, 624> m_state; // Mersenne Twister 19937
    int m_used = 624;
    bool m_hasSpare = false;
    double m_spare = 0.0;
};

/// The noise of the published pipeline: drawn as one [1, channels, frames, height, width] array.
FrameStack releaseNoise(TorchNormals& normals, int frames, FrameShape shape, Arithmetic arithmetic);

} // namespace strata
