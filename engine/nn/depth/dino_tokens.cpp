// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/depth/dino_tokens.h"

namespace strata::nn {
namespace {

constexpr int64_t kSide = 224;
constexpr std::size_t kTokenTap = 2;
constexpr double kMean[] = {0.485, 0.456, 0.406}, kDeviation[] = {0.229, 0.224, 0.225};

} // namespace

torch::Tensor dinoTokens(DinoVit& network, const torch::Tensor& picture, int64_t grid) {
    TORCH_CHECK(picture.dim() == 3 && picture.size(2) == 3 && grid > 0,
                "tokens are made of an RGB picture [h, w, 3]");
    const torch::NoGradGuard noGrad;
    const auto place = network->cls_token.options().requires_grad(false);
    const auto planes = picture.to(place).permute({2, 0, 1}).unsqueeze(0) / 255;
    return dinoFeatures(network, planes, kSide, grid)[0].contiguous();
}

torch::Tensor dinoFeatures(DinoVit& network, const torch::Tensor& pictures, int64_t side,
                           int64_t grid) {
    const auto place = network->cls_token.options().requires_grad(false);
    const auto squares = at::_upsample_bilinear2d_aa(pictures.contiguous(), {side, side}, false);
    const auto constant = [&](const double(&values)[3]) {
        return torch::tensor({values[0], values[1], values[2]}, torch::kFloat64)
            .to(place)
            .view({1, 3, 1, 1});
    };
    const auto patches =
        network->forward((squares - constant(kMean)) / constant(kDeviation)).at(kTokenTap);
    return at::adaptive_avg_pool2d(patches, {grid, grid}).flatten(2).transpose(1, 2);
}

} // namespace strata::nn
