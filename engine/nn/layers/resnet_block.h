// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/basic_layers.h"

namespace strata::nn {

struct ResnetShape {
    int64_t in = 0, out = 0;
    int64_t timeWidth = 0; // 0: knows no time
    int64_t groups = 32;
    double epsilon = 1e-5;
};

/// Two convolutions, each after norm and SiLU, around a shortcut. Member names are the official
/// checkpoints' key names.
struct ResnetBlockImpl : torch::nn::Module {
    ResnetBlockImpl(const ResnetShape& shape, const torch::TensorOptions& options);

    /// x: [N, C, H, W]; time: [T, timeWidth], SiLU already applied, where N is a multiple of T and
    /// rows that share a time are neighbours -> [N, out, H, W]
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& time = {},
                          Formulation formulation = Formulation::Saved);

    GroupNorm norm1{nullptr}, norm2{nullptr};
    Conv conv1{nullptr}, conv2{nullptr}, conv_shortcut{nullptr};
    Dense time_emb_proj{nullptr};

private:
    torch::Tensor run(const torch::Tensor& x, const torch::Tensor& time, Formulation formulation);
};
TORCH_MODULE(ResnetBlock);

} // namespace strata::nn
