// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/refiner/refiner.h"

namespace strata::nn {
namespace {

constexpr std::int64_t kPictures = 3; // sketch, change and scene
constexpr std::int64_t kColors = 3;

} // namespace

RefinerImpl::RefinerImpl(const RefinerConfig& c, const torch::TensorOptions& options)
    : m_fold(c.fold) {
    const auto folded = kColors * c.fold * c.fold;
    const auto levels = c.channels.size();
    const auto resnet = [&](std::int64_t in, std::int64_t out) {
        return ResnetBlock(ResnetShape{.in = in, .out = out, .groups = c.groups}, options);
    };
    change_share = register_parameter("change_share", torch::ones({1}, options));
    m_first = register_module("conv_in", Conv(kPictures * folded, c.channels.front(), 3, options));
    auto down = group(*this, "down_blocks"), up = group(*this, "up_blocks");
    for (std::size_t i = 0; i < levels; ++i)
        m_down.push_back(down->register_module(
            std::to_string(i), resnet(c.channels[i > 0 ? i - 1 : 0], c.channels[i])));
    m_mid = register_module("mid_block", resnet(c.channels.back(), c.channels.back()));
    for (std::size_t i = 0; i + 1 < levels; ++i)
        m_up.push_back(up->register_module(
            std::to_string(i), resnet(c.channels[i] + c.channels[i + 1], c.channels[i])));
    m_norm =
        register_module("conv_norm_out", GroupNorm(c.groups, c.channels.front(), 1e-5, options));
    m_last = register_module("conv_out", Conv(c.channels.front(), folded, 3, options));
}

torch::Tensor RefinerImpl::layers(torch::Tensor x) {
    std::vector<torch::Tensor> skips;
    x = m_first(x);
    for (std::size_t i = 0; i < m_down.size(); ++i) {
        if (i > 0)
            x = torch::avg_pool2d(x, {2, 2});
        x = m_down[i](x);
        skips.push_back(x);
    }
    x = m_mid(x);
    for (std::size_t i = m_up.size(); i-- > 0;) {
        x = torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
        x = m_up[i](torch::cat({x, skips[i]}, 1));
    }
    return m_last(m_norm->activated(x));
}

void RefinerImpl::beginWithSketch() {
    const torch::NoGradGuard noGrad;
    bool empty = true;
    for (const auto& parameter : m_last->parameters())
        empty = empty && parameter.count_nonzero().item<std::int64_t>() == 0;
    if (empty)
        change_share.zero_();
}

torch::Tensor RefinerImpl::forward(const torch::Tensor& sketch, const torch::Tensor& change,
                                   const torch::Tensor& scene) {
    TORCH_CHECK(sketch.dim() == 4 && sketch.size(1) == kColors &&
                    change.sizes() == sketch.sizes() && scene.sizes() == sketch.sizes(),
                "sketch, change and scene must be pictures of one size");
    const auto height = sketch.size(2), width = sketch.size(3);
    const auto whole = m_fold << (std::int64_t(m_down.size()) - 1); // of the coarsest level
    const auto missing = [&](std::int64_t side) { return (whole - side % whole) % whole; };
    auto x = torch::cat({sketch, change, scene}, 1);
    if (missing(height) > 0 || missing(width) > 0)
        x = torch::replication_pad2d(x, {0, missing(width), 0, missing(height)});
    const auto answer = torch::pixel_shuffle(layers(torch::pixel_unshuffle(x, m_fold)), m_fold);
    return answer.narrow(2, 0, height).narrow(3, 0, width) + change_share * change;
}

} // namespace strata::nn
