// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn.h>

#include <array>

namespace strata::nn {

/// The layers of AlexNet whose features are compared.
constexpr std::size_t kLpipsLayers = 5;

struct LpipsConfig {
    std::array<int64_t, kLpipsLayers> channels{64, 192, 384, 256, 256};
};

/// LPIPS, version 0.1 on AlexNet (Zhang and others 2018): features after each rectifier, of unit
/// length per place; squared differences, weighted per channel and averaged over places; the sum
/// over the layers. Names are those of torchvision's AlexNet (features.0.weight, ...) and of the
/// weights published with LPIPS (lin0.model.1.weight, ...), so that both files load as they are.
struct LpipsImpl : torch::nn::Module {
    explicit LpipsImpl(const LpipsConfig& config = {});

    /// Pictures [N, 3, H, W] in -1..1, sides of 32 pixels at least -> distances [N], 0 for equal
    /// ones.
    torch::Tensor forward(const torch::Tensor& a, const torch::Tensor& b);

private:
    std::vector<torch::Tensor> features(torch::Tensor x); // of unit length

    std::array<torch::nn::Conv2d, kLpipsLayers> m_layers;
    std::array<torch::Tensor, kLpipsLayers> m_weights; // [1, C, 1, 1]
};
TORCH_MODULE(Lpips);

} // namespace strata::nn
