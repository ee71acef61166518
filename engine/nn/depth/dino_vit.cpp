// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/depth/dino_vit.h"

#include "engine/nn/layers/products.h"

#include <algorithm>

namespace strata::nn {
namespace {

constexpr double kEpsilon = 1e-6;

// A module that only groups others under a name of the checkpoint.
std::shared_ptr<torch::nn::Module> group(torch::nn::Module& parent, const std::string& name) {
    return parent.register_module(name, std::make_shared<torch::nn::Module>(name));
}

torch::nn::LayerNorm layerNorm(int64_t width) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(kEpsilon));
}

torch::Tensor dense(const torch::nn::Linear& layer, const torch::Tensor& x) {
    return product(x, layer->weight, layer->bias);
}

} // namespace

DinoBlockImpl::DinoBlockImpl(const DinoVitConfig& c) {
    norm1 = register_module("norm1", layerNorm(c.width));
    auto attn = group(*this, "attn");
    qkv = attn->register_module("qkv", torch::nn::Linear(c.width, 3 * c.width));
    proj = attn->register_module("proj", torch::nn::Linear(c.width, c.width));
    gamma1 = group(*this, "ls1")->register_parameter("gamma", torch::ones({c.width}));
    norm2 = register_module("norm2", layerNorm(c.width));
    auto mlp = group(*this, "mlp");
    fc1 = mlp->register_module("fc1", torch::nn::Linear(c.width, c.hidden));
    fc2 = mlp->register_module("fc2", torch::nn::Linear(c.hidden, c.width));
    gamma2 = group(*this, "ls2")->register_parameter("gamma", torch::ones({c.width}));
}

torch::Tensor DinoBlockImpl::attend(const torch::Tensor& x) {
    const int64_t batch = x.size(0), tokens = x.size(1), width = x.size(2);
    const auto heads = dense(qkv, x)
                           .view({batch, tokens, 3, width / kDinoHeadWidth, kDinoHeadWidth})
                           .permute({2, 0, 3, 1, 4}); // [3, B, heads, N, 64]
    return dense(proj, attention(heads[0], heads[1], heads[2]));
}

torch::Tensor DinoBlockImpl::forward(const torch::Tensor& x) {
    const auto y = torch::addcmul(x, attend(norm1(x)), gamma1);
    return torch::addcmul(y, dense(fc2, torch::gelu(dense(fc1, norm2(y)))), gamma2);
}

DinoVitImpl::DinoVitImpl(const DinoVitConfig& config)
    : m_config(config) {
    const auto& c = m_config;
    cls_token = register_parameter("cls_token", torch::zeros({1, 1, c.width}));
    pos_embed = register_parameter("pos_embed", torch::zeros({1, c.grid * c.grid + 1, c.width}));
    proj =
        group(*this, "patch_embed")
            ->register_module(
                "proj",
                torch::nn::Conv2d(torch::nn::Conv2dOptions(3, c.width, c.patch).stride(c.patch)));
    blocks = register_module("blocks", torch::nn::ModuleList());
    for (int64_t i = 0; i < c.blocks; ++i)
        blocks->push_back(DinoBlock(c));
    norm = register_module("norm", layerNorm(c.width));
}

torch::Tensor DinoVitImpl::positions(int64_t rows, int64_t columns) const {
    const int64_t grid = m_config.grid, width = m_config.width;
    if (rows == grid && columns == grid)
        return pos_embed;
    // DINOv2 asks for a scale a tenth of a patch too large, so that rounding never loses a row, and
    // the sampling positions follow that scale; the weights were trained with it.
    const double scaleY = (double(rows) + 0.1) / double(grid);
    const double scaleX = (double(columns) + 0.1) / double(grid);
    const auto square =
        pos_embed.slice(1, 1).view({1, grid, grid, width}).permute({0, 3, 1, 2}).contiguous();
    const auto resized =
        at::upsample_bicubic2d(square, {rows, columns}, false, scaleY, scaleX); // [1, C, h, w]
    const auto tokens = resized.permute({0, 2, 3, 1}).reshape({1, rows * columns, width});
    return torch::cat({pos_embed.slice(1, 0, 1), tokens}, 1);
}

std::vector<torch::Tensor> DinoVitImpl::forward(const torch::Tensor& image) {
    const int64_t batch = image.size(0), width = m_config.width;
    const auto patches = proj(image); // [B, C, h, w]
    const int64_t rows = patches.size(2), columns = patches.size(3);
    auto x =
        torch::cat({cls_token.expand({batch, 1, width}), patches.flatten(2).transpose(1, 2)}, 1);
    x = x + positions(rows, columns); // [B, 1 + h * w, C]

    std::vector<torch::Tensor> features;
    const auto& taps = m_config.taps;
    for (int64_t i = 0; i < m_config.blocks; ++i) {
        x = blocks->ptr<DinoBlockImpl>(size_t(i))->forward(x);
        if (std::find(taps.begin(), taps.end(), i) != taps.end())
            features.push_back(
                norm(x).slice(1, 1).transpose(1, 2).view({batch, width, rows, columns}));
    }
    return features;
}

} // namespace strata::nn
