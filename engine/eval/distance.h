// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <cstdint>
#include <vector>

namespace strata {

/// Squared Euclidean distance of every pixel to the nearest non-zero one of `marked` (rows of
/// size.width), exact; infinity everywhere when nothing is marked. Linear in the number of pixels.
std::vector<float> squaredDistance(const std::vector<std::uint8_t>& marked, Size size);

} // namespace strata
