// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/resnet_block.h"
#include "engine/nn/mimo/mimo_config.h"

#include <vector>

namespace strata::nn {

/// Attention of one head over all pixels. Member names are the newer key names (to_q, …); weights
/// may be those of 1x1 convolutions.
struct VaeAttentionImpl : torch::nn::Module {
    VaeAttentionImpl(int64_t width, int64_t groups, const torch::TensorOptions& options);
    torch::Tensor forward(const torch::Tensor& x); // [N, C, H, W] -> the same

private:
    GroupNorm m_norm{nullptr};
    Dense m_query{nullptr}, m_key{nullptr}, m_value{nullptr}, m_out{nullptr};
};
TORCH_MODULE(VaeAttention);

/// Resnet, attention, resnet.
struct VaeMidBlockImpl : torch::nn::Module {
    VaeMidBlockImpl(int64_t width, int64_t groups, const torch::TensorOptions& options);
    torch::Tensor forward(const torch::Tensor& x); // [N, C, H, W] -> the same

private:
    ResnetBlock m_first{nullptr}, m_last{nullptr};
    VaeAttention m_attention{nullptr};
};
TORCH_MODULE(VaeMidBlock);

/// Encoder or decoder: levels of resnets with a resampling convolution between them, and the middle
/// block at the coarsest level.
struct VaeHalfImpl : torch::nn::Module {
    enum class Direction { Encode, Decode };
    VaeHalfImpl(const VaeConfig& config, Direction direction, const torch::TensorOptions& options);
    /// With a `tile` the layers at finer levels see one tile of the picture after the other, of so
    /// many pixels of the coarsest level in width and height; the middle block sees it whole.
    torch::Tensor forward(torch::Tensor x, int64_t tile = 0);
    /// Its last layer gives zero. Without gradients.
    void silence();

private:
    struct Level {
        std::vector<ResnetBlock> resnets;
        Conv resampler{nullptr};
    };
    torch::Tensor run(Level& level, torch::Tensor x);
    torch::Tensor runLevels(torch::Tensor x, int64_t tile);

    Direction m_direction;
    int64_t m_fold;
    Conv m_first{nullptr}, m_last{nullptr};
    VaeMidBlock m_mid{nullptr};
    GroupNorm m_norm{nullptr};
    std::vector<Level> m_levels;
};
TORCH_MODULE(VaeHalf);

/// The picture coder of Stable Diffusion. Pictures are [N, 3, H, W] in [-1, 1]; latents are
/// unscaled (config.scale is the caller's business). Sides that are no multiples of 8 lose their
/// last pixels, or, in a coder that folds, are an error.
struct VaeImpl : torch::nn::Module {
    VaeImpl(const VaeConfig& config, const torch::TensorOptions& options = {});

    // In tiles of `tile` pixels they need less memory, and give nearly the same: a norm sees only
    // the mean and variance of its tile. 0: the picture as a whole.

    /// -> mean and logarithm of the variance, [N, 2 * 4, floor(H / 8), floor(W / 8)]
    torch::Tensor moments(const torch::Tensor& picture, int64_t tile = 0);
    /// -> the mean alone [N, 4, …]: what inference takes
    torch::Tensor encode(const torch::Tensor& picture, int64_t tile = 0);
    /// latent: [N, 4, h, w] -> [N, 3, 8 h, 8 w], not clamped
    torch::Tensor decode(const torch::Tensor& latent, int64_t tile = 0);

    /// Makes a coder with a shortcut that has just been initialised a linear one: the layers add
    /// nothing, the shortcut carries the lowest frequencies of brightness and colour.
    void beginLinear();

private:
    int64_t m_reduction; // of the sides
    VaeHalf m_encoder{nullptr}, m_decoder{nullptr};
    Conv m_quant{nullptr}, m_postQuant{nullptr};
    Conv m_linearIn{nullptr}, m_linearOut{nullptr}; // between folded pictures and latents
};
TORCH_MODULE(Vae);

} // namespace strata::nn
