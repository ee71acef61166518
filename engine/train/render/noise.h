// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

#include <cstdint>

namespace strata {

/// Repeatable hash of up to three integers to 0..1.
float hash01(std::int32_t x, std::int32_t y = 0, std::int32_t z = 0);

/// Smooth random field with cells of size 1; -1..1.
float valueNoise(const glm::vec3& p);

/// Octaves of valueNoise from `wavelength` metres down, each half as long and `gain` as strong;
/// about -1..1. Octaves shorter than twice `footprint` (the size of a sample at the point) fade
/// out, so that the pattern does not shimmer in the distance.
float bandLimitedNoise(const glm::vec3& p, float wavelength, float footprint, int octaves = 5,
                       float gain = 0.5f);

/// 1 where a detail of this size can be seen, falling to 0 where it is smaller than the footprint.
float detailWeight(float size, float footprint);

} // namespace strata
