// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

namespace strata::nn {

/// Group norm of pictures [N, C, H, W] on a GPU, and SiLU of it if asked for, without reading the
/// picture a third time and without leaving channels-last memory. Undefined where the kernel does
/// not fit: on other devices, for other types, when gradients are recorded, or under a
/// PlainNormScope.
torch::Tensor fusedGroupNorm(const torch::Tensor& x, int64_t groups, const torch::Tensor& weight,
                             const torch::Tensor& bias, double epsilon, bool silu);

/// While one exists on a thread, its norms are LibTorch's own operators; to compare with.
class PlainNormScope {
public:
    explicit PlainNormScope(bool plain = true);
    ~PlainNormScope();
    PlainNormScope(const PlainNormScope&) = delete;
    PlainNormScope& operator=(const PlainNormScope&) = delete;

private:
    bool m_before;
};

} // namespace strata::nn
