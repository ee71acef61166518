// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

/// Largest (dilated) or smallest (eroded) value under a rectangle of `width` x `height` pixels
/// whose anchor is its middle, for even sides the one right of and below it. Outside counts as
/// nothing.
ImageU8 dilated(const ImageU8& mask, int width, int height);
ImageU8 eroded(const ImageU8& mask, int width, int height);

/// Where the body is in a motion code picture (RGB on black): 255 where it is brighter than 10.
/// `clean` closes holes up to 4 px and removes single pixels.
ImageU8 motionSilhouette(const ImageU8& motionCode, bool clean);

/// The smallest rectangle around what is not 0; all zeros when there is nothing.
RectI boundingRect(const ImageU8& mask);

} // namespace strata
