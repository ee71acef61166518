// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/diffusion/frame_stack.h"

#include <cstdint>

namespace strata {

/// What noise is made for. The numbers of a frame depend on these alone: not on what was generated
/// before, on how many frames there are or on the number of threads.
struct NoiseKey {
    std::uint64_t seed = 42;
    std::uint32_t stream = 0;    // tells apart what shares frames: people, attempts
    std::int64_t firstFrame = 0; // source frame of the stack's first one
};

/// Independent normal numbers, one per value.
FrameStack seededNoise(const NoiseKey& key, int frames, FrameShape shape);

} // namespace strata
