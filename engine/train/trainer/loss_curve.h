// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/train/trainer/training_log.h"

#include <span>

namespace strata {

/// A picture of how loss and rate went: each step's loss in a pale colour, their running mean in a
/// strong one, the rate below; numbers at the axes. RGB. White when there are fewer than two steps.
ImageU8 lossCurve(std::span<const StepRecord> records, Size size = {960, 540});

} // namespace strata
