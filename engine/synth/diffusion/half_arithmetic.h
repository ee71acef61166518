// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/half.h"

namespace strata {

/// How the sampling loop computes with latents. Half rounds every intermediate result to half
/// precision, as the published system does, whose latents are kept in it. HalfOnCpu rounds the
/// factors of a step as well: what LibTorch does with such latents on a processor.
enum class Arithmetic { Float, Half, HalfOnCpu };

constexpr bool isHalf(Arithmetic arithmetic) { return arithmetic != Arithmetic::Float; }

inline float roundedToHalf(float value) { return halfToFloat(floatToHalf(value)); }

} // namespace strata
