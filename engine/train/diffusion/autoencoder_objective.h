// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/vae/vae.h"

namespace strata {

struct AutoencoderTraining {
    /// Of the distance between the latents and unit noise, per picture value. What holds latents
    /// together and keeps the decoder smooth.
    double latentWeight = 1e-4;
    // Of absolute differences and of structureLoss(), beside squared differences, whose weight is
    // 1: edges stay sharper than by squares alone.
    double absoluteWeight = 0;
    double structureWeight = 0;
    /// Side of the squares it learns from, a multiple of 8: each picture gives one, cut at random
    /// and mirrored half of the time. 0: pictures as they are.
    int crop = 0;
};

/// What one step of the picture coder's training minimises: how far the picture that comes back
/// from a drawn latent is from the given one, and how far latents are from unit noise. pictures:
/// [N, 3, H, W] in -1..1, sides multiples of 8; `noise` as large as the latents [N, C, H / 8,
/// W / 8].
Result<torch::Tensor> autoencoderLoss(nn::Vae& vae, const torch::Tensor& pictures,
                                      const torch::Tensor& noise,
                                      const AutoencoderTraining& training = {});

/// A random square of each picture [N, C, H, W] (AutoencoderTraining::crop), none larger than the
/// picture. The generator is one of the CPU.
torch::Tensor randomSquares(const torch::Tensor& pictures, std::int64_t side,
                            at::Generator generator);

} // namespace strata
