// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/basic_layers.h"
#include "engine/nn/unet/transformer.h"

namespace strata::nn {

struct MotionShape {
    int64_t width = 320;
    int64_t heads = 8;
    int64_t mostFrames = 32;
    int64_t groups = 32;
};

/// Attention over time for every pixel by itself: twice with the frame's position added to the
/// normed tokens, then a perceptron. Member names are those of AnimateDiff's checkpoints.
struct MotionModuleImpl : torch::nn::Module {
    MotionModuleImpl(const MotionShape& shape, const torch::TensorOptions& options);

    /// x: [B * F, C, H, W] -> the same shape; F at most mostFrames
    torch::Tensor forward(const torch::Tensor& x, int64_t frames,
                          Formulation formulation = Formulation::Saved);

private:
    struct TimeAttention {
        Attention layer{nullptr};
        LayerNorm norm{nullptr};
        torch::Tensor positions; // [1, mostFrames, C]
    };
    torch::Tensor run(const torch::Tensor& x, int64_t frames, Formulation formulation);
    torch::Tensor attendTime(TimeAttention& part, const torch::Tensor& tokens, int64_t frames,
                             Formulation formulation);

    int64_t m_heads;
    GroupNorm m_norm{nullptr};
    Dense m_in{nullptr}, m_out{nullptr};
    TimeAttention m_attention[2];
    LayerNorm m_feedNorm{nullptr};
    FeedForward m_feed{nullptr};
};
TORCH_MODULE(MotionModule);

} // namespace strata::nn
