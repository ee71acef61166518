// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/basic_layers.h"
#include "engine/nn/mimo/mimo_config.h"

#include <vector>

namespace strata::nn {

/// Convolutions from pictures of the motion code to features for the denoiser. Member names are
/// the official checkpoint's key names.
struct PoseGuiderImpl : torch::nn::Module {
    PoseGuiderImpl(const PoseGuiderConfig& config, const torch::TensorOptions& options = {});

    /// code: [B, Cin, F, H, W] in [0, 1] -> [B, Cout, F, ceil(H / 8), ceil(W / 8)]. Frames are
    /// independent of each other and done a few at a time.
    torch::Tensor forward(const torch::Tensor& code);

private:
    torch::Tensor few(const torch::Tensor& frames);

    Conv m_first{nullptr}, m_last{nullptr};
    std::vector<Conv> m_blocks;
};
TORCH_MODULE(PoseGuider);

} // namespace strata::nn
