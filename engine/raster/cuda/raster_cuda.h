// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"

#include <cstddef>
#include <cstdint>

struct CUstream_st; // cudaStream_t points to one

/// The rasteriser on a GPU, with the same results as on the CPU. All pointers are memory of the
/// device; functions put their work into a stream and return at once: null, or what CUDA says.
namespace strata::cuda {

using Stream = CUstream_st*;

/// Frames of one mesh.
struct RasterScene {
    const float* vertices = nullptr;       // [frames, vertexCount, 3], each frame in its camera
    const std::uint32_t* faces = nullptr;  // [faceCount, 3]
    const RasterCamera* cameras = nullptr; // [frames], whose pictures are width x height
    int frames = 0, vertexCount = 0, faceCount = 0;
    int width = 0, height = 0;
    bool cullBackFaces = true;
};

/// As RasterBuffers, one frame after the other.
struct RasterImages {
    std::int32_t* face = nullptr; // [frames, H, W]
    float* barycentric = nullptr; // [frames, H, W, 2]
    float* depth = nullptr;       // [frames, H, W]
};

/// Memory that rasterize() needs to work in, aligned to 256 bytes as allocators of devices give it.
std::size_t rasterizeWorkBytes(const RasterScene& scene);
/// Equal to strata::rasterize() of each frame, bit for bit.
const char* rasterize(const RasterScene& scene, const RasterImages& out, void* work, Stream stream);

/// What is drawn on the vertices.
struct RasterAttributes {
    const std::int32_t* face = nullptr; // the images of rasterize()
    const float* barycentric = nullptr;
    const std::uint32_t* faces = nullptr; // [faceCount, 3]
    int frames = 0, width = 0, height = 0;
    int vertexCount = 0, channels = 0;
    bool ofEachFrame = false; // attributes are [frames, V, C] instead of [V, C] for all
};

/// attributes -> image [frames, H, W, C]; the background is 0.
const char* interpolate(const RasterAttributes& raster, const float* attributes, float* image,
                        Stream stream);

std::size_t interpolateBackwardWorkBytes(const RasterAttributes& raster);
/// Adds the gradient with respect to the attributes to gradAttributes, of their shape. gradImage
/// [frames, H, W, C]. Sums are made of whole numbers, multiples of about 2^-39 of the largest
/// gradient, so the result is the same in every run. Where a gradient is not finite all become NaN.
const char* interpolateBackward(const RasterAttributes& raster, const float* gradImage,
                                float* gradAttributes, void* work, Stream stream);

} // namespace strata::cuda
