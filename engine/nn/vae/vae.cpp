// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/vae/vae.h"

#include "engine/nn/layers/token_attention.h"
#include "engine/nn/vae/vae_tiles.h"

#include <algorithm>

namespace strata::nn {
namespace {

constexpr double kEpsilon = 1e-6;

ResnetBlock resnet(int64_t in, int64_t out, int64_t groups, const torch::TensorOptions& options) {
    return ResnetBlock(ResnetShape{in, out, 0, groups, kEpsilon}, options);
}

} // namespace

VaeAttentionImpl::VaeAttentionImpl(int64_t width, int64_t groups,
                                   const torch::TensorOptions& options) {
    m_norm = register_module("group_norm", GroupNorm(groups, width, kEpsilon, options));
    m_query = register_module("to_q", Dense(width, width, true, options));
    m_key = register_module("to_k", Dense(width, width, true, options));
    m_value = register_module("to_v", Dense(width, width, true, options));
    m_out = group(*this, "to_out")->register_module("0", Dense(width, width, true, options));
}

torch::Tensor VaeAttentionImpl::forward(const torch::Tensor& x) {
    const auto tokens = tokensOf(m_norm(x));
    const auto seen = attend(m_query(tokens), m_key(tokens), m_value(tokens), 1);
    return added(pictureOf(m_out(seen), x.size(2), x.size(3)), x);
}

VaeMidBlockImpl::VaeMidBlockImpl(int64_t width, int64_t groups,
                                 const torch::TensorOptions& options) {
    auto resnets = group(*this, "resnets");
    m_first = resnets->register_module("0", resnet(width, width, groups, options));
    m_attention =
        group(*this, "attentions")->register_module("0", VaeAttention(width, groups, options));
    m_last = resnets->register_module("1", resnet(width, width, groups, options));
}

torch::Tensor VaeMidBlockImpl::forward(const torch::Tensor& x) {
    return m_last->forward(m_attention(m_first->forward(x)));
}

VaeHalfImpl::VaeHalfImpl(const VaeConfig& c, Direction direction,
                         const torch::TensorOptions& options)
    : m_direction(direction) {
    const bool encodes = direction == Direction::Encode;
    auto widths = c.channels;
    if (!encodes)
        std::reverse(widths.begin(), widths.end());
    const int64_t in = encodes ? c.imageChannels : c.latentChannels;
    const int64_t out = encodes ? 2 * c.latentChannels : c.imageChannels;
    m_first = register_module("conv_in", Conv(in, widths.front(), 3, options));
    auto blocks = group(*this, encodes ? "down_blocks" : "up_blocks");
    for (std::size_t i = 0; i < widths.size(); ++i) {
        auto block = group(*blocks, std::to_string(i));
        auto resnets = group(*block, "resnets");
        Level level;
        for (int64_t j = 0; j < c.layersPerBlock + (encodes ? 0 : 1); ++j) {
            const int64_t given = widths[i == 0 || j > 0 ? i : i - 1];
            level.resnets.push_back(resnets->register_module(
                std::to_string(j), resnet(given, widths[i], c.groups, options)));
        }
        if (i + 1 < widths.size()) {
            auto list = group(*group(*block, encodes ? "downsamplers" : "upsamplers"), "0");
            level.resampler = list->register_module(
                "conv", Conv(widths[i], widths[i], 3, options, encodes ? 2 : 1, encodes ? 0 : 1));
        }
        m_levels.push_back(std::move(level));
    }
    const int64_t coarsest = c.channels.back();
    m_mid = register_module("mid_block", VaeMidBlock(coarsest, c.groups, options));
    m_norm =
        register_module("conv_norm_out", GroupNorm(c.groups, widths.back(), kEpsilon, options));
    m_last = register_module("conv_out", Conv(widths.back(), out, 3, options));
}

torch::Tensor VaeHalfImpl::run(Level& level, torch::Tensor x) {
    for (auto& block : level.resnets)
        x = block->forward(x);
    if (level.resampler.is_empty())
        return x;
    if (m_direction == Direction::Encode) // padded on the right and below only
        return level.resampler(at::constant_pad_nd(x, {0, 1, 0, 1}, 0));
    return level.resampler(at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}));
}

// Encoding, from the picture to the middle block; decoding, from there to the picture.
torch::Tensor VaeHalfImpl::runLevels(torch::Tensor x, int64_t tile) {
    const bool encodes = m_direction == Direction::Encode;
    const auto whole = [&](torch::Tensor part) {
        part = part.contiguous(torch::MemoryFormat::ChannelsLast);
        if (encodes)
            part = m_first(part);
        for (auto& level : m_levels)
            part = run(level, std::move(part));
        return encodes ? part : m_last(m_norm->activated(part));
    };
    if (tile <= 0)
        return whole(std::move(x));
    const int64_t scale = int64_t(1) << (m_levels.size() - 1);
    return inTiles(x, {tile, encodes ? scale : 1, encodes ? 1 : scale}, whole);
}

torch::Tensor VaeHalfImpl::forward(torch::Tensor x, int64_t tile) {
    if (m_direction == Direction::Encode)
        return m_last(m_norm->activated(m_mid(runLevels(std::move(x), tile))));
    x = m_mid(m_first(x.contiguous(torch::MemoryFormat::ChannelsLast)));
    return runLevels(std::move(x), tile);
}

VaeImpl::VaeImpl(const VaeConfig& c, const torch::TensorOptions& options)
    : m_reduction(int64_t(1) << (c.channels.size() - 1)) {
    using Direction = VaeHalfImpl::Direction;
    m_encoder = register_module("encoder", VaeHalf(c, Direction::Encode, options));
    m_decoder = register_module("decoder", VaeHalf(c, Direction::Decode, options));
    const int64_t latent = c.latentChannels;
    m_quant = register_module("quant_conv", Conv(2 * latent, 2 * latent, 1, options));
    m_postQuant = register_module("post_quant_conv", Conv(latent, latent, 1, options));
}

torch::Tensor VaeImpl::moments(const torch::Tensor& picture, int64_t tile) {
    return m_quant(m_encoder->forward(picture, tile / m_reduction));
}

torch::Tensor VaeImpl::encode(const torch::Tensor& picture, int64_t tile) {
    return moments(picture, tile).chunk(2, 1)[0];
}

torch::Tensor VaeImpl::decode(const torch::Tensor& latent, int64_t tile) {
    return m_decoder->forward(m_postQuant(latent.contiguous(torch::MemoryFormat::ChannelsLast)),
                              tile / m_reduction);
}

} // namespace strata::nn
