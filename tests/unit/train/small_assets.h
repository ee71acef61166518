// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/training_assets.h"

namespace strata::test {

/// Assets made of the free body and of numbers: suits, shoes and hair are its own skin, a little
/// thicker; two places and two patches of noise; four motions.
TrainingAssets smallAssets();

} // namespace strata::test
