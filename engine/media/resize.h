// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

/// Area averages when shrinking (bilinear when growing); the others interpolate and alias when
/// shrinking a lot.
enum class ResizeFilter { Nearest, Area, Bilinear, Bicubic, Lanczos };

/// `image` at `size`, any number of channels; pixel centres keep their relative place. T: uint8_t,
/// uint16_t, float.
template <typename T>
Image<T> resizeImage(const Image<T>& image, Size size, ResizeFilter filter);

/// The largest size of the same shape that fits `bounds` with sides of at least one pixel.
Size fittedSize(Size size, Size bounds);

} // namespace strata
