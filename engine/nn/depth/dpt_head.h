// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn.h>

#include <array>
#include <vector>

namespace strata::nn {

struct DptHeadConfig {
    int64_t inChannels = 384;
    int64_t features = 64;
    std::array<int64_t, 4> channels{48, 96, 192, 384};
};

/// Two 3x3 convolutions round a shortcut. Member names are the checkpoint's key names, here and
/// below.
struct ResidualConvUnitImpl : torch::nn::Module {
    explicit ResidualConvUnitImpl(int64_t channels);
    torch::Tensor forward(const torch::Tensor& x);
    torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
};
TORCH_MODULE(ResidualConvUnit);

/// Joins what comes from deeper in the network with one level of the encoder, and enlarges it.
struct FeatureFusionImpl : torch::nn::Module {
    /// `joins`: false for the deepest level, which has nothing to join.
    FeatureFusionImpl(int64_t channels, bool joins);

    /// deeper, level: [B, F, h, w] (level undefined for the deepest) -> [B, F, rows, columns]
    torch::Tensor forward(const torch::Tensor& deeper, const torch::Tensor& level, int64_t rows,
                          int64_t columns);

    ResidualConvUnit resConfUnit1{nullptr}, resConfUnit2{nullptr};
    torch::nn::Conv2d out_conv{nullptr};
};
TORCH_MODULE(FeatureFusion);

/// Dense prediction head of Depth Anything V2.
struct DptHeadImpl : torch::nn::Module {
    explicit DptHeadImpl(const DptHeadConfig& config);

    /// features: 4 x [B, C, h, w] -> [B, 1, height, width], >= 0
    torch::Tensor forward(const std::vector<torch::Tensor>& features, int64_t height,
                          int64_t width);

    torch::nn::ModuleList projects{nullptr}, resize_layers{nullptr};
    std::array<torch::nn::Conv2d, 4> layer_rn{nullptr, nullptr, nullptr, nullptr};
    std::array<FeatureFusion, 4> refinenet{nullptr, nullptr, nullptr, nullptr};
    torch::nn::Conv2d output_conv1{nullptr};
    torch::nn::Sequential output_conv2{nullptr};

private:
    /// [B, C, h, w] of the encoder -> [B, F, ., .] at the level's own size
    torch::Tensor level(size_t index, const torch::Tensor& feature);
};
TORCH_MODULE(DptHead);

} // namespace strata::nn
