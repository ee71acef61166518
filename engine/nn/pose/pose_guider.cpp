// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/pose/pose_guider.h"

#include <algorithm>

namespace strata::nn {
namespace {

constexpr int64_t kPixels = int64_t(1) << 21; // of the frames that are done together

} // namespace

PoseGuiderImpl::PoseGuiderImpl(const PoseGuiderConfig& c, const torch::TensorOptions& options) {
    m_first = register_module("conv_in", Conv(c.inChannels, c.channels.front(), 3, options));
    auto blocks = group(*this, "blocks");
    const auto add = [&](int64_t in, int64_t out, int64_t stride) {
        const auto number = std::to_string(m_blocks.size());
        m_blocks.push_back(blocks->register_module(number, Conv(in, out, 3, options, stride)));
    };
    for (std::size_t i = 0; i + 1 < c.channels.size(); ++i) {
        add(c.channels[i], c.channels[i], 1);
        add(c.channels[i], c.channels[i + 1], 2);
    }
    m_last = register_module("conv_out", Conv(c.channels.back(), c.outChannels, 3, options));
}

torch::Tensor PoseGuiderImpl::few(const torch::Tensor& frames) {
    auto x = siluOf(m_first(frames));
    for (auto& block : m_blocks)
        x = siluOf(block(x));
    return m_last(x);
}

torch::Tensor PoseGuiderImpl::forward(const torch::Tensor& code) {
    TORCH_CHECK(code.dim() == 5 && code.numel() > 0, "the motion code must be [B, C, F, H, W]");
    const auto frames = framesOf(code);
    const int64_t count = std::max<int64_t>(1, kPixels / (frames.size(2) * frames.size(3)));
    std::vector<torch::Tensor> parts;
    for (const auto& part : frames.split(count))
        parts.push_back(few(part));
    return clipOf(parts.size() == 1 ? parts.front() : torch::cat(parts), code.size(0));
}

} // namespace strata::nn
