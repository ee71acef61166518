// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/cpu_target.h"

#include <cstdint>

namespace strata::nn {

/// A convolution of pictures with kernels of 3x3, stride 1 and padding 1. Channels are multiples
/// of 16.
struct ConvolutionShape {
    std::int64_t pictures = 0, height = 0, width = 0, in = 0, out = 0;

    std::int64_t tilesAcross() const { return (width + 3) / 4; }
    std::int64_t tilesDown() const { return (height + 3) / 4; }
    std::int64_t tiles() const { return pictures * tilesDown() * tilesAcross(); }
};

/// Minimal filtering F(4x4, 3x3), see winograd_transforms.h: a quarter of the multiplications, as
/// 36 matrix products, one for each point. Tiles of 4x4 pixels come in blocks of six, which is how
/// many rows a product keeps in registers. All pictures' patches could fill gigabytes, so `chunk`
/// blocks are worked on at a time; weights are transformed where they are needed, 64 channels of
/// the result and a slice of the given ones at a time, so that they stay in the cache.
struct WinogradWork {
    ConvolutionShape shape;
    const float* pictures = nullptr; // [N, H, W, in]
    const float* weights = nullptr;  // [out, in, 3, 3]
    const float* bias = nullptr;     // [out] or none
    float* result = nullptr;         // [N, H, W, out]
    float* patches = nullptr;        // patchFloats(), of the blocks of the chunk
    std::int64_t first = 0;          // block of the chunk
    std::int64_t chunk = 0;          // its blocks
    std::int64_t parts = 1;          // that a chunk is divided into
    CpuTarget target = CpuTarget::Any;

    WinogradWork(const ConvolutionShape& shape, CpuTarget target);

    std::int64_t blocks() const; // of all pictures
    std::int64_t patchFloats() const;
    std::int64_t scratchFloats() const; // of one thread
    /// Tasks that multiply the chunk: 64 channels of one part each.
    std::int64_t tasks() const;
};

/// Patches of block `number` of the chunk to their points.
void transformBlock(const WinogradWork& work, std::int64_t number);

/// Products and result of a task, once all blocks of the chunk are transformed. `scratch`:
/// scratchFloats().
void multiplyTask(const WinogradWork& work, std::int64_t task, float* scratch);

} // namespace strata::nn
