// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <array>
#include <vector>

namespace strata {

/// Which borders of the frame a clip's box touches.
struct TouchedBorders {
    bool left = false, right = false, top = false, bottom = false;
};

TouchedBorders touchedBorders(const RectI& box, Size frame);

/// The number of the published mask for these borders, in the order of maskNames().
int maskIndex(const TouchedBorders& touched);

/// The sixteen published masks by the names in their files, "alpha2_<name>.png".
const std::array<const char*, 16>& maskNames();

/// How much of the generated picture is seen, 0..1, one channel: 1 inside, down to 0 over `width`
/// px towards the sides that do not touch the frame's border.
ImageF featherMask(Size size, const TouchedBorders& touched, float width);

/// The sixteen masks of featherMask, for use where the published ones are not at hand.
std::vector<ImageF> generatedMasks(Size size = {512, 512}, float width = 26.f);

} // namespace strata
