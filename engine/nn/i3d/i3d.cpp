// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/i3d/i3d.h"

namespace strata::nn {
namespace {

struct MixedLayer {
    const char* name;
    std::vector<std::int64_t> channels; // of the branches: 1, 2 and 2, 2 and 2, 1
    // Before it, the largest of so many frames and pixels, by these strides; 0: nothing.
    std::int64_t frames = 0, pixels = 0, frameStride = 1;
};

const std::vector<MixedLayer>& mixedLayers() {
    static const std::vector<MixedLayer> layers{
        {"Mixed_3b", {64, 96, 128, 16, 32, 32}, 1, 3, 1},
        {"Mixed_3c", {128, 128, 192, 32, 96, 64}},
        {"Mixed_4b", {192, 96, 208, 16, 48, 64}, 3, 3, 2},
        {"Mixed_4c", {160, 112, 224, 24, 64, 64}},
        {"Mixed_4d", {128, 128, 256, 24, 64, 64}},
        {"Mixed_4e", {112, 144, 288, 32, 64, 64}},
        {"Mixed_4f", {256, 160, 320, 32, 128, 128}},
        {"Mixed_5b", {256, 160, 320, 32, 128, 128}, 2, 2, 2},
        {"Mixed_5c", {384, 192, 384, 48, 128, 128}}};
    return layers;
}

constexpr double kEpsilon = 1e-3; // of the normalisation
constexpr std::int64_t kFirst = 64, kSecond = 192, kPixelStride = 2;

/// Zeros around, the larger half behind, so that there is an answer for each stride.
torch::Tensor padded(const torch::Tensor& x, const std::vector<std::int64_t>& kernel,
                     const std::vector<std::int64_t>& stride) {
    std::vector<std::int64_t> sides; // of the last axis first
    for (int axis = 2; axis >= 0; --axis) {
        const auto k = kernel[std::size_t(axis)], s = stride[std::size_t(axis)];
        const auto rest = x.size(axis + 2) % s;
        const auto all = std::max<std::int64_t>(k - (rest == 0 ? s : rest), 0);
        sides.insert(sides.end(), {all / 2, all - all / 2});
    }
    return torch::constant_pad_nd(x, sides);
}

torch::Tensor largestOf(const torch::Tensor& x, std::int64_t frames, std::int64_t pixels,
                        std::int64_t frameStride, std::int64_t pixelStride) {
    const std::vector<std::int64_t> kernel{frames, pixels, pixels};
    const std::vector<std::int64_t> stride{frameStride, pixelStride, pixelStride};
    return torch::max_pool3d(padded(x, kernel, stride), kernel, stride);
}

} // namespace

I3dUnitImpl::I3dUnitImpl(std::int64_t in, std::int64_t out, std::int64_t kernel,
                         std::int64_t stride, bool normalised)
    : m_kernel(kernel)
    , m_stride(stride) {
    const auto options = torch::nn::Conv3dOptions(in, out, kernel).stride(stride).bias(!normalised);
    m_convolution = register_module("conv3d", torch::nn::Conv3d(options));
    if (normalised)
        m_norm = register_module(
            "bn", torch::nn::BatchNorm3d(torch::nn::BatchNorm3dOptions(out).eps(kEpsilon)));
}

torch::Tensor I3dUnitImpl::forward(const torch::Tensor& x) {
    const std::vector<std::int64_t> kernel(3, m_kernel), stride(3, m_stride);
    const auto y = m_convolution(padded(x, kernel, stride));
    return m_norm.is_empty() ? y : torch::relu(m_norm(y));
}

I3dMixedImpl::I3dMixedImpl(std::int64_t in, const std::vector<std::int64_t>& channels)
    : m_single(register_module("b0", I3dUnit(in, channels[0], 1)))
    , m_first{register_module("b1a", I3dUnit(in, channels[1], 1)),
              register_module("b1b", I3dUnit(channels[1], channels[2], 3))}
    , m_second{register_module("b2a", I3dUnit(in, channels[3], 1)),
               register_module("b2b", I3dUnit(channels[3], channels[4], 3))}
    , m_largest(register_module("b3b", I3dUnit(in, channels[5], 1))) {}

torch::Tensor I3dMixedImpl::forward(const torch::Tensor& x) {
    return torch::cat({m_single(x), m_first[1](m_first[0](x)), m_second[1](m_second[0](x)),
                       m_largest(largestOf(x, 3, 3, 1, 1))},
                      1);
}

I3dImpl::I3dImpl(const I3dConfig& config)
    : m_pooled(config.pooled) {
    const auto first = kFirst / config.divisor, second = kSecond / config.divisor;
    m_first = register_module("Conv3d_1a_7x7", I3dUnit(3, first, 7, 2));
    m_single = register_module("Conv3d_2b_1x1", I3dUnit(first, first, 1));
    m_second = register_module("Conv3d_2c_3x3", I3dUnit(first, second, 3));
    auto channels = second;
    for (const MixedLayer& layer : mixedLayers()) {
        auto branches = layer.channels;
        for (auto& branch : branches)
            branch /= config.divisor;
        m_mixed.push_back(register_module(layer.name, I3dMixed(channels, branches)));
        channels = branches[0] + branches[2] + branches[4] + branches[5];
    }
    m_logits = register_module("logits", I3dUnit(channels, config.classes, 1, 1, false));
    eval();
}

torch::Tensor I3dImpl::forward(const torch::Tensor& videos) {
    TORCH_CHECK(videos.dim() == 5 && videos.size(1) == 3 && videos.size(2) >= 9 &&
                    videos.size(3) > 32 * (m_pooled - 1) && videos.size(4) > 32 * (m_pooled - 1),
                "I3D takes videos [N, 3, T, H, W] of at least 9 frames and ", 32 * m_pooled,
                " pixels");
    auto x = largestOf(m_first(videos), 1, 3, 1, kPixelStride);
    x = m_second(m_single(x));
    for (std::size_t i = 0; i < m_mixed.size(); ++i) {
        const MixedLayer& layer = mixedLayers()[i];
        if (layer.frames > 0)
            x = largestOf(x, layer.frames, layer.pixels, layer.frameStride, kPixelStride);
        x = m_mixed[i](x);
    }
    x = torch::avg_pool3d(x, {2, m_pooled, m_pooled}, {1, 1, 1});
    return m_logits(x).mean({2, 3, 4});
}

} // namespace strata::nn
