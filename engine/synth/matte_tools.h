// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

/// The matte grown by `margin` px (a square's shape) and then smoothed over `feather` px outwards;
/// nowhere smaller than before.
ImageU8 widenedMatte(const ImageU8& matte, int margin, float feather);

/// Running mean over a square of side 2*radius+1, edges repeated; any number of channels.
ImageF boxBlurred(const ImageF& image, int radius);

/// The picture's linear colours [H, W, 3] with everything outside the matte's solid inside replaced
/// by colours carried outwards from it: nothing of the background is left.
ImageF insideColors(const ImageU8& rgb, const ImageF& alpha, int inset);

/// Fills what is not known of `color` [H, W, 3] from what is around it: ring by ring near what is
/// known, coarse to fine farther away. known [H, W, 1] is 0 or 1.
void fillUnknown(ImageF& color, const ImageF& known);

} // namespace strata
