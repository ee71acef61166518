// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn.h>

#include <array>
#include <vector>

namespace strata::nn {

constexpr int64_t kDinoHeadWidth = 64;

struct DinoVitConfig {
    int64_t width = 384;
    int64_t blocks = 12;
    int64_t hidden = 1536;                    // of the perceptron in each block
    int64_t patch = 14;                       // pixels
    int64_t grid = 37;                        // side of the square of position embeddings
    std::array<int64_t, 4> taps{2, 5, 8, 11}; // blocks whose outputs are given back
};

/// One transformer block: attention and perceptron, each normalised before and scaled per channel
/// after. Member names are the checkpoint's key names.
struct DinoBlockImpl : torch::nn::Module {
    explicit DinoBlockImpl(const DinoVitConfig& config);

    /// x: [B, N, C] -> [B, N, C]
    torch::Tensor forward(const torch::Tensor& x);

    torch::nn::LayerNorm norm1{nullptr}, norm2{nullptr};
    torch::nn::Linear qkv{nullptr}, proj{nullptr}, fc1{nullptr}, fc2{nullptr};
    torch::Tensor gamma1, gamma2;

private:
    torch::Tensor attend(const torch::Tensor& x);
};
TORCH_MODULE(DinoBlock);

/// DINOv2's vision transformer as Depth Anything V2 uses it.
struct DinoVitImpl : torch::nn::Module {
    explicit DinoVitImpl(const DinoVitConfig& config);

    /// image: [B, 3, H, W] -> the patch tokens after each tap, normalised: 4 x [B, C, H / patch, W
    /// / patch]
    std::vector<torch::Tensor> forward(const torch::Tensor& image);

    const DinoVitConfig& config() const { return m_config; }

    torch::Tensor cls_token, pos_embed;
    torch::nn::Conv2d proj{nullptr};
    torch::nn::ModuleList blocks{nullptr};
    torch::nn::LayerNorm norm{nullptr};

private:
    torch::Tensor positions(int64_t rows, int64_t columns) const;

    DinoVitConfig m_config;
};
TORCH_MODULE(DinoVit);

} // namespace strata::nn
