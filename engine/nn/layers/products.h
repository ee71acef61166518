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

/// at::conv2d for pictures that lie channels-last. For inference on the CPU it always goes to
/// oneDNN; left to itself LibTorch picks its own, slower code for 1x1 kernels when it may use a
/// single thread.
torch::Tensor convolution(const torch::Tensor& x, const torch::Tensor& w, const torch::Tensor& bias,
                          torch::IntArrayRef stride = {1, 1}, torch::IntArrayRef padding = {0, 0},
                          torch::IntArrayRef dilation = {1, 1}, int64_t groups = 1);

/// Scaled dot-product attention. q, k, v: [B, H, N, D] -> [B, N, H * D].
torch::Tensor attention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v);

} // namespace strata::nn
