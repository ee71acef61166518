// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

namespace strata::nn {

/// x [..., K] times w [O, K] transposed, plus bias [O] if defined -> [..., O]. As at::linear, but
/// for inference on the CPU it runs as a 1x1 convolution over channels-last memory: oneDNN picks
/// kernels for the processor at hand, where the BLAS that LibTorch was built with may be two to
/// four times slower.
torch::Tensor product(const torch::Tensor& x, const torch::Tensor& w,
                      const torch::Tensor& bias = {});

/// Scaled dot-product attention. q, k, v: [B, H, N, D] -> [B, N, H * D].
torch::Tensor attention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v);

} // namespace strata::nn
