// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

/// Resizes as OpenCV does with INTER_AREA, 8-bit pictures to the bit: the mean over the area that a
/// pixel covers when both sides shrink, a sharp kind of linear interpolation otherwise. `size` must
/// not be empty.
ImageU8 resizedByArea(const ImageU8& image, Size size);
ImageF resizedByArea(const ImageF& image, Size size);

} // namespace strata
