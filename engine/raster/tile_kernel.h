// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/triangle_setup.h"

#include <cstdint>
#include <vector>

namespace strata {

/// What one tile has seen so far. Rows are padded to multiples of 8 samples; planes are separate so
/// that eight samples are one vector.
struct TileBuffers {
    RectI area;     // in the picture; area.x0 is a multiple of 8
    int stride = 0; // floats per row
    std::vector<std::int32_t> face;
    std::vector<float> first, second, depth; // weights of the first and second vertex; camera z

    void reset(const RectI& newArea);
};

/// Samples one triangle into the tile; nearer wins, and the earlier face where depths are equal.
using TileKernel = void (*)(const TriangleSetup& triangle, float nearPlane, TileBuffers& tile);

/// The fastest version this processor runs. All versions give the same bits.
TileKernel tileKernel();
/// Every version this processor runs, the fastest first.
std::vector<TileKernel> allTileKernels();

} // namespace strata
