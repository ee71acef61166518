// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

enum class PillowFilter { Nearest, Box, Bilinear, Hamming, Bicubic, Lanczos };

/// Resizes as the Pillow library does, to the bit: filters widened when the picture shrinks, first
/// along rows, then along columns, with 8-bit values in between. `size` must not be empty.
ImageU8 resizedLikePillow(const ImageU8& image, Size size, PillowFilter filter);

/// The same filters without rounding in between; values may leave the range of the input.
ImageF resizedLikePillow(const ImageF& image, Size size, PillowFilter filter);
/// The same, looking at the samples in `inside` alone; what lies beyond its borders repeats them.
/// `inside` must not be empty, the filter not Nearest.
ImageF resizedInside(const ImageF& image, const RectI& inside, Size size, PillowFilter filter);

} // namespace strata
