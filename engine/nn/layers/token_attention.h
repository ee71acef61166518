// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

namespace strata::nn {

/// Keys and values that several rows of a batch share: [R, M, C] each, or nothing.
struct SharedTokens {
    torch::Tensor keys, values;

    bool empty() const { return !keys.defined(); }
};

/// Scaled dot-product attention of tokens whose heads lie side by side in the channels.
/// q: [N, L, C]; k, v: [N, M, C] -> [N, L, C]. Row n also sees the shared tokens of group n / (N /
/// R). Memory is bounded: the matrix of weights is made a block of rows at a time.
torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                     int64_t heads, const SharedTokens& shared = {});

/// The same by LibTorch's own operators, without shared tokens: for gradients, and to compare with.
torch::Tensor attendByOperators(const torch::Tensor& q, const torch::Tensor& k,
                                const torch::Tensor& v, int64_t heads);

/// Attention over the second dimension, for every batch, pixel and head by itself. q, k, v: [B, F,
/// L, C], contiguous -> [B, F, L, C]. F is small (at most 32 or so).
torch::Tensor attendOverFrames(const torch::Tensor& q, const torch::Tensor& k,
                               const torch::Tensor& v, int64_t heads);
torch::Tensor attendOverFramesByOperators(const torch::Tensor& q, const torch::Tensor& k,
                                          const torch::Tensor& v, int64_t heads);

} // namespace strata::nn
