// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/depth/dpt_head.h"

namespace strata::nn {
namespace {

torch::nn::Conv2d conv(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1,
                       bool bias = true) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(bias));
}

torch::nn::ConvTranspose2d enlarge(int64_t channels, int64_t factor) {
    return torch::nn::ConvTranspose2d(
        torch::nn::ConvTranspose2dOptions(channels, channels, factor).stride(factor));
}

torch::Tensor resized(const torch::Tensor& x, int64_t rows, int64_t columns) {
    return at::upsample_bilinear2d(x, {rows, columns}, true);
}

} // namespace

ResidualConvUnitImpl::ResidualConvUnitImpl(int64_t channels) {
    conv1 = register_module("conv1", conv(channels, channels, 3));
    conv2 = register_module("conv2", conv(channels, channels, 3));
}

torch::Tensor ResidualConvUnitImpl::forward(const torch::Tensor& x) {
    return conv2(torch::relu(conv1(torch::relu(x)))) + x;
}

FeatureFusionImpl::FeatureFusionImpl(int64_t channels, bool joins) {
    if (joins)
        resConfUnit1 = register_module("resConfUnit1", ResidualConvUnit(channels));
    resConfUnit2 = register_module("resConfUnit2", ResidualConvUnit(channels));
    out_conv = register_module("out_conv", conv(channels, channels, 1));
}

torch::Tensor FeatureFusionImpl::forward(const torch::Tensor& deeper, const torch::Tensor& level,
                                         int64_t rows, int64_t columns) {
    const auto x = level.defined() ? deeper + resConfUnit1(level) : deeper;
    // The published order is resize, then 1x1 convolution. Both are linear and interpolation
    // weights sum to one, so the other order gives the same values with a quarter of the work.
    return resized(out_conv(resConfUnit2(x)), rows, columns);
}

DptHeadImpl::DptHeadImpl(const DptHeadConfig& c) {
    projects = register_module("projects", torch::nn::ModuleList());
    for (const auto channels : c.channels)
        projects->push_back(conv(c.inChannels, channels, 1));
    resize_layers = register_module("resize_layers", torch::nn::ModuleList());
    resize_layers->push_back(enlarge(c.channels[0], 4));
    resize_layers->push_back(enlarge(c.channels[1], 2));
    resize_layers->push_back(torch::nn::Identity());
    resize_layers->push_back(conv(c.channels[3], c.channels[3], 3, 2));

    auto scratch = register_module("scratch", std::make_shared<torch::nn::Module>("scratch"));
    for (size_t i = 0; i < 4; ++i) {
        const auto number = std::to_string(i + 1);
        layer_rn[i] = scratch->register_module("layer" + number + "_rn",
                                               conv(c.channels[i], c.features, 3, 1, false));
        refinenet[i] =
            scratch->register_module("refinenet" + number, FeatureFusion(c.features, i != 3));
    }
    output_conv1 = scratch->register_module("output_conv1", conv(c.features, c.features / 2, 3));
    output_conv2 = scratch->register_module(
        "output_conv2", torch::nn::Sequential(conv(c.features / 2, 32, 3), torch::nn::ReLU(),
                                              conv(32, 1, 1), torch::nn::ReLU()));
}

torch::Tensor DptHeadImpl::level(size_t index, const torch::Tensor& feature) {
    auto x = projects->ptr<torch::nn::Conv2dImpl>(index)->forward(feature);
    if (index < 2)
        x = resize_layers->ptr<torch::nn::ConvTranspose2dImpl>(index)->forward(x);
    else if (index == 3)
        x = resize_layers->ptr<torch::nn::Conv2dImpl>(index)->forward(x);
    return layer_rn[index](x);
}

torch::Tensor DptHeadImpl::forward(const std::vector<torch::Tensor>& features, int64_t height,
                                   int64_t width) {
    TORCH_CHECK(features.size() == 4, "the depth head needs four feature maps");
    std::array<torch::Tensor, 4> levels;
    for (size_t i = 0; i < 4; ++i)
        levels[i] = level(i, features[i]);
    auto path = levels[3];
    for (size_t i = 4; i-- > 0;) {
        // Each block enlarges to the next finer level; the finest one doubles.
        const int64_t rows = i > 0 ? levels[i - 1].size(2) : path.size(2) * 2;
        const int64_t columns = i > 0 ? levels[i - 1].size(3) : path.size(3) * 2;
        path = refinenet[i](path, i == 3 ? torch::Tensor() : levels[i], rows, columns);
        levels[i].reset();
    }
    return output_conv2->forward(resized(output_conv1(path), height, width));
}

} // namespace strata::nn
