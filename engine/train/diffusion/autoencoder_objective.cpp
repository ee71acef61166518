// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/autoencoder_objective.h"

#include "engine/nn/guard.h"

namespace strata {
namespace {

// As the published coder: the variance of a latent stays in a range that can be computed with.
constexpr double kLeastLogVariance = -30, kMostLogVariance = 20;

} // namespace

Result<torch::Tensor> autoencoderLoss(nn::Vae& vae, const torch::Tensor& pictures,
                                      const torch::Tensor& noise,
                                      const AutoencoderTraining& training) {
    if (pictures.dim() != 4 || pictures.size(2) % 8 != 0 || pictures.size(3) % 8 != 0)
        return Error{ErrorCode::ShapeMismatch,
                     "The picture coder learns from pictures whose sides are multiples of 8."};
    return nn::guarded("Training the picture coder", [&]() -> Result<torch::Tensor> {
        const auto parts = vae->moments(pictures).chunk(2, 1);
        const auto& mean = parts[0];
        const auto logVariance = parts[1].clamp(kLeastLogVariance, kMostLogVariance);
        const auto back = vae->decode(mean + (logVariance * 0.5).exp() * noise);
        const auto distance = (mean.square() + logVariance.exp() - 1 - logVariance).sum() * 0.5 /
                              double(pictures.numel());
        return (back - pictures).square().mean() + training.latentWeight * distance;
    });
}

} // namespace strata
