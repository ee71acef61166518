// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/basic_layers.h"
#include "engine/nn/unet/unet_pass.h"

namespace strata::nn {

/// Of the group norm before the tokens of a transformer; the resnets have 1e-5.
inline constexpr double kTransformerNormEpsilon = 1e-6;

/// Projections of an attention layer.
struct AttentionImpl : torch::nn::Module {
    AttentionImpl(int64_t width, int64_t keyWidth, const torch::TensorOptions& options);
    Dense to_q{nullptr}, to_k{nullptr}, to_v{nullptr}, toOut{nullptr};
};
TORCH_MODULE(Attention);

/// Perceptron with a gate: C -> 8C, half of it gated by the GELU of the other half, -> C.
struct FeedForwardImpl : torch::nn::Module {
    FeedForwardImpl(int64_t width, const torch::TensorOptions& options);
    torch::Tensor forward(const torch::Tensor& x);
    Dense proj{nullptr}, out{nullptr};
};
TORCH_MODULE(FeedForward);

/// tokens + feedForward(norm(tokens)), a block of tokens after the other, so that the eight times
/// wider values in between never exist at once. Reuses the memory of `tokens` without gradients.
torch::Tensor addFeedForward(const torch::Tensor& tokens, LayerNorm& norm, FeedForward& network);

/// Self-attention (which may also see a reference), cross-attention and perceptron.
struct TransformerBlockImpl : torch::nn::Module {
    TransformerBlockImpl(int64_t width, int64_t heads, int64_t contextWidth,
                         const torch::TensorOptions& options);

    /// x: [B * F, L, C], reused without gradients -> the same shape
    torch::Tensor forward(const torch::Tensor& x, UnetPass& pass);

    /// What this block will be given: `bank` are the reference's tokens [R, M, C] or undefined,
    /// `context` [B, T, width] or undefined.
    BlockCondition prepare(const torch::Tensor& bank, const torch::Tensor& context,
                           Formulation formulation);

    LayerNorm norm1{nullptr}, norm2{nullptr}, norm3{nullptr};
    Attention attn1{nullptr}, attn2{nullptr};
    FeedForward ff{nullptr};

private:
    torch::Tensor addSelfSaved(const torch::Tensor& x, const torch::Tensor& normed,
                               const UnetPass& pass, const BlockCondition& given);
    torch::Tensor addSelfPlain(const torch::Tensor& x, const torch::Tensor& normed,
                               const UnetPass& pass, const BlockCondition& given);
    torch::Tensor addCross(const torch::Tensor& x, const UnetPass& pass);

    int64_t m_heads;
};
TORCH_MODULE(TransformerBlock);

/// A transformer over the pixels of each picture. Member names are the checkpoint's key names.
struct SpatialTransformerImpl : torch::nn::Module {
    SpatialTransformerImpl(int64_t width, int64_t heads, int64_t contextWidth, int64_t groups,
                           const torch::TensorOptions& options);

    /// x: [N, C, H, W] -> [B * F, C, H, W], where N may be F if all clips of the batch are equal so
    /// far. When the pass ends here the result is undefined.
    torch::Tensor forward(const torch::Tensor& x, UnetPass& pass);

    GroupNorm norm{nullptr};
    Conv proj_in{nullptr}, proj_out{nullptr};
    TransformerBlock block{nullptr};
};
TORCH_MODULE(SpatialTransformer);

} // namespace strata::nn
