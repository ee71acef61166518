// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/diffusion/autoencoder_objective.h"

#include "engine/nn/guard.h"
#include "engine/train/diffusion/structure_loss.h"

#include <algorithm>
#include <vector>

namespace strata {
namespace {

// As the published coder: the variance of a latent stays in a range that can be computed with.
constexpr double kLeastLogVariance = -30, kMostLogVariance = 20;

torch::Tensor pictureLoss(const torch::Tensor& back, const torch::Tensor& pictures,
                          const AutoencoderTraining& training) {
    const auto difference = back - pictures;
    auto loss = difference.square().mean();
    if (training.absoluteWeight > 0)
        loss = loss + training.absoluteWeight * difference.abs().mean();
    if (training.structureWeight > 0)
        loss = loss + training.structureWeight * structureLoss(back, pictures);
    return loss;
}

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
        return pictureLoss(back, pictures, training) + training.latentWeight * distance;
    });
}

torch::Tensor randomSquares(const torch::Tensor& pictures, std::int64_t side,
                            at::Generator generator) {
    const auto height = std::min(side, pictures.size(2)), width = std::min(side, pictures.size(3));
    const auto draws = torch::rand({pictures.size(0), 3}, generator, torch::kFloat64);
    std::vector<torch::Tensor> squares;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        const double* draw = draws[i].data_ptr<double>();
        const auto place = [&](int which, std::int64_t room) {
            return std::int64_t(draw[which] * double(room + 1));
        };
        const auto square = pictures[i]
                                .narrow(1, place(0, pictures.size(2) - height), height)
                                .narrow(2, place(1, pictures.size(3) - width), width);
        squares.push_back(draw[2] < 0.5 ? square.flip({2}) : square);
    }
    return torch::stack(squares);
}

} // namespace strata
