// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

// Plain floats on purpose: the same structs are filled by the CUDA kernels.

/// What is seen at each sample: the face, its perspective-correct barycentric coordinates and its
/// depth. Buffers are row-major [height, width].
struct RasterBuffers {
    int width = 0;
    int height = 0;
    std::vector<std::int32_t> face; // index of the face, -1 = background
    std::vector<float> barycentric; // [H, W, 2]: weights of the face's first and second vertex
    std::vector<float> depth;       // camera z in the unit of the vertices; +inf in the background
};

struct RasterCamera {
    int width = 0, height = 0;
    float fx = 0, fy = 0, cx = 0, cy = 0;
    float nearPlane = 0.05f;
};

struct RasterOptions {
    int tileSize = 64; // side of a work item in pixels, rounded up to a multiple of 8; does not
                       // change the result
    bool cullBackFaces =
        true; // front = counter-clockwise seen from outside, in a camera with y down
};

/// Rasterises triangles given in the camera frame (x right, y down, z forward); samples lie at
/// pixel centres, ties on edges follow the top-left rule, triangles that cross the near plane are
/// clipped. vertices [V,3], faces [F,3]. Runs on all cores in tiles. `out` is resized and
/// overwritten.
void rasterize(std::span<const float> vertices, std::span<const std::uint32_t> faces,
               const RasterCamera& camera, const RasterOptions& options, RasterBuffers& out);

/// attributes [V, C] -> image [H, W, C]; background pixels get `background` (C values, or empty for
/// 0).
ImageF interpolate(const RasterBuffers& raster, std::span<const std::uint32_t> faces,
                   std::span<const float> attributes, int channels,
                   std::span<const float> background = {});

/// The gradient of interpolate() with respect to the attributes: adds to gradAttributes [V, C].
/// gradImage [H, W, C]. Deterministic: the sum does not depend on the number of threads.
void interpolateBackward(const RasterBuffers& raster, std::span<const std::uint32_t> faces,
                         std::span<const float> gradImage, int channels,
                         std::span<float> gradAttributes);

} // namespace strata
