// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"

namespace strata {

/// The same view with `samplesPerSide`^2 samples in each pixel: 2 covers edges as 4x multi-sampling
/// does.
RasterCamera supersampled(const RasterCamera& camera, int samplesPerSide);

/// Mean of each block of samplesPerSide^2 samples. The picture's sides must be multiples of it.
/// Average linear light, codes and alpha; never sRGB-encoded colour.
ImageF resolve(const ImageF& samples, int samplesPerSide);

/// Part of each pixel that any face covers, 0..1: [H, W, 1] of the resolved picture.
ImageF resolveCoverage(const RasterBuffers& raster, int samplesPerSide);

} // namespace strata
