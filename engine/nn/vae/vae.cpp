// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/vae/vae.h"

#include "engine/nn/layers/token_attention.h"
#include "engine/nn/vae/vae_tiles.h"

#include <algorithm>
#include <array>
#include <numbers>

namespace strata::nn {
namespace {

constexpr double kEpsilon = 1e-6;
constexpr double kLatentOfBrightness = 4; // how much larger than a latent the first wave's part is
constexpr double kFirstLogVariance = -6;

ResnetBlock resnet(int64_t in, int64_t out, int64_t groups, const torch::TensorOptions& options) {
    return ResnetBlock(ResnetShape{in, out, 0, groups, kEpsilon}, options);
}

/// The first `count` of products of cosines over squares of `side` pixels, in the order of their
/// frequency, of unit length, each of one axis of colour: [count, channels * side^2], channels
/// outermost. Colour is carried by its means alone.
torch::Tensor lowWaves(int64_t count, int64_t folded, int64_t side) {
    const int64_t channels = folded / (side * side);
    std::vector<std::array<int64_t, 3>> order; // axis of colour, frequencies down and across
    for (int64_t axis = 0; axis < channels; ++axis)
        order.push_back({axis, 0, 0});
    for (int64_t sum = 1; std::ssize(order) < count; ++sum)
        for (int64_t down = 0; down <= std::min(sum, side - 1); ++down)
            order.push_back({0, down, sum - down});
    const auto at = (torch::arange(side) + 0.5) * (std::numbers::pi / double(side));
    const auto wave = [&](int64_t frequency) { return torch::cos(at * double(frequency)); };
    std::vector<torch::Tensor> rows;
    for (int64_t i = 0; i < count; ++i) {
        const auto [axis, down, across] = order[std::size_t(i)];
        auto colour =
            torch::ones({channels}); // brightness; others: the channels before against one
        if (axis > 0) {
            colour.narrow(0, axis, channels - axis).zero_();
            colour[axis] = -double(axis);
        }
        const auto row = colour.view({-1, 1, 1}) * torch::outer(wave(down), wave(across));
        rows.push_back((row / row.norm()).flatten());
    }
    return torch::stack(rows);
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
    : m_direction(direction)
    , m_fold(c.fold) {
    const bool encodes = direction == Direction::Encode;
    auto widths = c.channels;
    if (!encodes)
        std::reverse(widths.begin(), widths.end());
    const int64_t folded = c.imageChannels * c.fold * c.fold;
    const int64_t in = encodes ? folded : c.latentChannels;
    const int64_t out = encodes ? 2 * c.latentChannels : folded;
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
        if (encodes && m_fold > 1)
            part = at::pixel_unshuffle(part, m_fold);
        part = part.contiguous(torch::MemoryFormat::ChannelsLast);
        if (encodes)
            part = m_first(part);
        for (auto& level : m_levels)
            part = run(level, std::move(part));
        if (encodes)
            return part;
        part = m_last(m_norm->activated(part));
        return m_fold > 1 ? at::pixel_shuffle(part, m_fold) : part;
    };
    if (tile <= 0)
        return whole(std::move(x));
    const int64_t scale = m_fold << (m_levels.size() - 1);
    return inTiles(x, {tile, encodes ? scale : 1, encodes ? 1 : scale}, whole);
}

torch::Tensor VaeHalfImpl::forward(torch::Tensor x, int64_t tile) {
    if (m_direction == Direction::Encode)
        return m_last(m_norm->activated(m_mid(runLevels(std::move(x), tile))));
    x = m_mid(m_first(x.contiguous(torch::MemoryFormat::ChannelsLast)));
    return runLevels(std::move(x), tile);
}

void VaeHalfImpl::silence() {
    m_last->weight.zero_();
    m_last->bias.zero_();
}

VaeImpl::VaeImpl(const VaeConfig& c, const torch::TensorOptions& options)
    : m_reduction(c.reduction()) {
    using Direction = VaeHalfImpl::Direction;
    m_encoder = register_module("encoder", VaeHalf(c, Direction::Encode, options));
    m_decoder = register_module("decoder", VaeHalf(c, Direction::Decode, options));
    const int64_t latent = c.latentChannels;
    m_quant = register_module("quant_conv", Conv(2 * latent, 2 * latent, 1, options));
    m_postQuant = register_module("post_quant_conv", Conv(latent, latent, 1, options));
    if (!c.shortcut)
        return;
    const int64_t folded = c.imageChannels * m_reduction * m_reduction;
    m_linearIn = register_module("linear_in", Conv(folded, latent, 1, options));
    m_linearOut = register_module("linear_out", Conv(latent, folded, 1, options));
}

torch::Tensor VaeImpl::moments(const torch::Tensor& picture, int64_t tile) {
    const auto learnt = m_quant(m_encoder->forward(picture, tile / m_reduction));
    if (m_linearIn.is_empty())
        return learnt;
    const auto parts = learnt.chunk(2, 1);
    return torch::cat({parts[0] + m_linearIn(at::pixel_unshuffle(picture, m_reduction)), parts[1]},
                      1);
}

torch::Tensor VaeImpl::encode(const torch::Tensor& picture, int64_t tile) {
    return moments(picture, tile).chunk(2, 1)[0];
}

torch::Tensor VaeImpl::decode(const torch::Tensor& latent, int64_t tile) {
    const auto rows = latent.contiguous(torch::MemoryFormat::ChannelsLast);
    const auto learnt = m_decoder->forward(m_postQuant(rows), tile / m_reduction);
    if (m_linearOut.is_empty())
        return learnt;
    return added(learnt, at::pixel_shuffle(m_linearOut(rows), m_reduction));
}

void VaeImpl::beginLinear() {
    TORCH_CHECK(!m_linearIn.is_empty(), "this picture coder has no linear part");
    const torch::NoGradGuard noGrad;
    const auto latent = m_postQuant->weight.size(0);
    const auto waves = lowWaves(latent, m_linearIn->weight.size(1), m_reduction);
    m_linearIn->weight.copy_((waves / kLatentOfBrightness).view_as(m_linearIn->weight));
    m_linearOut->weight.copy_((waves * kLatentOfBrightness).t().reshape_as(m_linearOut->weight));
    for (const auto& still : {m_linearIn->bias, m_linearOut->bias, m_quant->bias})
        still.zero_();
    m_quant->bias.narrow(0, latent, latent).fill_(kFirstLogVariance);
    m_encoder->silence();
    m_decoder->silence();
}

} // namespace strata::nn
