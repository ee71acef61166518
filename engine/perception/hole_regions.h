// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <cstdint>
#include <vector>

namespace strata {

/// Rectangles that together contain every pixel of `hole` above `threshold`, each with enough of
/// its surroundings for an inpainting network to continue; squares where the frame allows it, at
/// least 512 pixels a side. Holes that lie near each other share one.
std::vector<RectI> holeRegions(const ImageU8& hole, std::uint8_t threshold);

} // namespace strata
