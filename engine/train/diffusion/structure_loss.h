// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

namespace strata {

/// One minus the structural similarity (Wang et al., 2004) of pictures [N, C, H, W] in -1..1, with
/// gradients: of windows of 8 x 8 pixels, every fourth, the mean over the pictures as they are,
/// halved and quartered as far as a window fits. Sides of at least 8. -> a number in 0..2
torch::Tensor structureLoss(const torch::Tensor& a, const torch::Tensor& b);

} // namespace strata
