// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/unet/motion_module.h"

#include "engine/nn/layers/recompute.h"

#include <cmath>
#include <vector>

namespace strata::nn {
namespace {

// Sine and cosine of the frame's number, one after the other, at falling frequencies.
torch::Tensor positionsOf(int64_t frames, int64_t width, const torch::TensorOptions& options) {
    if (options.device().is_meta())
        return torch::empty({1, frames, width}, options);
    std::vector<float> values(std::size_t(frames * width));
    for (int64_t p = 0; p < frames; ++p)
        for (int64_t c = 0; c < width; ++c) {
            const double angle =
                double(p) * std::exp(-double(c - c % 2) * std::log(1e4) / double(width));
            values[std::size_t(p * width + c)] =
                float(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    return torch::tensor(values).view({1, frames, width}).to(options);
}

} // namespace

MotionModuleImpl::MotionModuleImpl(const MotionShape& s, const torch::TensorOptions& options)
    : m_heads(s.heads) {
    auto root = group(*this, "temporal_transformer");
    m_norm = root->register_module("norm",
                                   GroupNorm(s.groups, s.width, kTransformerNormEpsilon, options));
    m_in = root->register_module("proj_in", Dense(s.width, s.width, true, options));
    auto block = group(*group(*root, "transformer_blocks"), "0");
    auto layers = group(*block, "attention_blocks");
    auto norms = group(*block, "norms");
    for (int64_t i = 0; i < 2; ++i) {
        auto& part = m_attention[i];
        const auto number = std::to_string(i);
        part.layer = layers->register_module(number, Attention(s.width, s.width, options));
        part.positions = group(*part.layer, "pos_encoder")
                             ->register_buffer("pe", positionsOf(s.mostFrames, s.width, options));
        part.norm = norms->register_module(number, LayerNorm(s.width, options));
    }
    m_feed = block->register_module("ff", FeedForward(s.width, options));
    m_feedNorm = block->register_module("ff_norm", LayerNorm(s.width, options));
    m_out = root->register_module("proj_out", Dense(s.width, s.width, true, options));
}

// tokens: [B * F, L, C], reused without gradients
torch::Tensor MotionModuleImpl::attendTime(TimeAttention& part, const torch::Tensor& tokens,
                                           int64_t frames, Formulation formulation) {
    const auto s = tokens.sizes();
    const auto positions = part.positions.narrow(1, 0, frames).unsqueeze(2); // [1, F, 1, C]
    const auto clips = part.norm(tokens).view({s[0] / frames, frames, s[1], s[2]});
    const auto normed = added(clips, positions);
    const auto q = part.layer->to_q(normed), k = part.layer->to_k(normed),
               v = part.layer->to_v(normed);
    const auto seen = formulation == Formulation::Plain
                          ? attendOverFramesByOperators(q, k, v, m_heads)
                          : attendOverFrames(q, k, v, m_heads);
    return added(tokens, part.layer->toOut(seen.view(s)));
}

torch::Tensor MotionModuleImpl::forward(const torch::Tensor& x, int64_t frames,
                                        Formulation formulation) {
    const int64_t most = m_attention[0].positions.size(1);
    TORCH_CHECK(frames > 0 && frames <= most && x.size(0) % frames == 0, "a window of ", frames,
                " frames; the motion modules know positions of at most ", most);
    return recomputed(
        [this, frames, formulation](const auto& in) { return run(in[0], frames, formulation); },
        {x});
}

torch::Tensor MotionModuleImpl::run(const torch::Tensor& x, int64_t frames,
                                    Formulation formulation) {
    auto tokens = m_in(tokensOf(m_norm(x)));
    for (auto& part : m_attention)
        tokens = attendTime(part, tokens, frames, formulation);
    tokens = addFeedForward(tokens, m_feedNorm, m_feed);
    return added(pictureOf(m_out(tokens), x.size(2), x.size(3)), x);
}

} // namespace strata::nn
