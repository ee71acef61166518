// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include "engine/nn/mimo/mimo_networks.h"
#include "engine/train/diffusion/diffusion_objective.h"

#include <cstdint>

namespace strata {

struct SampleSettings {
    int steps = 20;
    double guidance = 2; // 1: the identity is not stressed
    std::uint64_t seed = 42;
};

// All without gradients; they throw what LibTorch throws.

/// Latents of one clip [1, C, F, h, w], float, on the CPU, from what it is told about.
Result<torch::Tensor> sampledLatents(nn::MimoNetworks& networks, const TrainingClips& given,
                                     const DiffusionTraining& training,
                                     const SampleSettings& settings);

/// Scaled latents [N, C, h, w] of pictures [N, 3, H, W] in -1..1 of the networks' type and device.
torch::Tensor encodedFrames(nn::MimoNetworks& networks, const torch::Tensor& pictures);
/// Frames of a clip's scaled latents: [F, 3, H, W] in -1..1, float, on the CPU.
torch::Tensor decodedFrames(nn::MimoNetworks& networks, const torch::Tensor& latents);

/// What latents say about sketches, both decoded: how far the frames are from the sketches, in the
/// same form.
torch::Tensor changeOf(nn::MimoNetworks& networks, const torch::Tensor& latents,
                       const torch::Tensor& sketches);

} // namespace strata
