// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/lpips/lpips.h"

#include "engine/nn/layers/basic_layers.h"

namespace strata::nn {
namespace {

struct Layer {
    const char* name; // in torchvision's list of layers
    int64_t kernel, stride, padding;
    bool pooled; // its input is, 3 x 3 by 2
};

constexpr std::array<Layer, kLpipsLayers> kLayers{{{"0", 11, 4, 2, false},
                                                   {"3", 5, 1, 2, true},
                                                   {"6", 3, 1, 1, true},
                                                   {"8", 3, 1, 1, false},
                                                   {"10", 3, 1, 1, false}}};
// From -1..1 to what AlexNet was trained on.
constexpr double kShift[] = {-0.030, -0.088, -0.188}, kScale[] = {0.458, 0.448, 0.450};
constexpr double kLeastLength = 1e-10;

torch::Tensor perChannel(const double (&values)[3], const torch::Tensor& like) {
    return torch::tensor({values[0], values[1], values[2]}, torch::kFloat64)
        .to(like.options())
        .view({1, 3, 1, 1});
}

} // namespace

LpipsImpl::LpipsImpl(const LpipsConfig& config)
    : m_layers{nullptr, nullptr, nullptr, nullptr, nullptr} {
    auto layers = group(*this, "features");
    int64_t channels = 3;
    for (std::size_t i = 0; i < kLpipsLayers; ++i) {
        const Layer& layer = kLayers[i];
        const auto options = torch::nn::Conv2dOptions(channels, config.channels[i], layer.kernel)
                                 .stride(layer.stride)
                                 .padding(layer.padding);
        m_layers[i] = layers->register_module(layer.name, torch::nn::Conv2d(options));
        channels = config.channels[i];
        auto linear = group(*group(*this, "lin" + std::to_string(i)), "model");
        m_weights[i] =
            group(*linear, "1")->register_parameter("weight", torch::zeros({1, channels, 1, 1}));
    }
}

std::vector<torch::Tensor> LpipsImpl::features(torch::Tensor x) {
    std::vector<torch::Tensor> out;
    x = (x - perChannel(kShift, x)) / perChannel(kScale, x);
    for (std::size_t i = 0; i < kLpipsLayers; ++i) {
        if (kLayers[i].pooled)
            x = torch::max_pool2d(x, 3, 2);
        x = torch::relu(m_layers[i](x));
        out.push_back(x / (x.square().sum(1, true).sqrt() + kLeastLength));
    }
    return out;
}

torch::Tensor LpipsImpl::forward(const torch::Tensor& a, const torch::Tensor& b) {
    TORCH_CHECK(
        a.dim() == 4 && a.size(1) == 3 && a.sizes() == b.sizes() && a.size(2) >= 32 &&
            a.size(3) >= 32,
        "LPIPS compares pictures [N, 3, H, W] of one size, at least 32 pixels wide and high");
    const auto left = features(a), right = features(b);
    auto sum = torch::zeros({a.size(0)}, a.options());
    for (std::size_t i = 0; i < kLpipsLayers; ++i)
        sum = sum + ((left[i] - right[i]).square() * m_weights[i]).sum(1).mean({1, 2});
    return sum;
}

} // namespace strata::nn
