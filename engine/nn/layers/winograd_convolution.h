// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/winograd_kernel.h"

#include <torch/types.h>

namespace strata::nn {

/// Whether winogradConvolution can take these, and is the quicker way for them.
bool winogradApplies(const torch::Tensor& x, const torch::Tensor& w);

/// x [N, C, H, W] (any order of memory) convolved with w [O, C, 3, 3], stride 1, padding 1, plus
/// bias [O] if defined -> [N, O, H, W] channels-last. Single precision on the CPU without
/// gradients.
torch::Tensor winogradConvolution(const torch::Tensor& x, const torch::Tensor& w,
                                  const torch::Tensor& bias, CpuTarget target = cpuTarget());

} // namespace strata::nn
