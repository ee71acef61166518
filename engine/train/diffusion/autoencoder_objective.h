// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/vae/vae.h"

namespace strata {

struct AutoencoderTraining {
    /// Of the distance between the latents and unit noise, per picture value. What holds latents
    /// together and keeps the decoder smooth.
    double latentWeight = 1e-4;
};

/// What one step of the picture coder's training minimises: squared differences of the picture
/// that comes back from a drawn latent, and how far latents are from unit noise. pictures: [N, 3,
/// H, W] in -1..1, sides multiples of 8; `noise` as large as the latents [N, 4, H / 8, W / 8].
Result<torch::Tensor> autoencoderLoss(nn::Vae& vae, const torch::Tensor& pictures,
                                      const torch::Tensor& noise,
                                      const AutoencoderTraining& training = {});

} // namespace strata
