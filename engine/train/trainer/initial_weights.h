// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/training_networks.h"

#include <filesystem>
#include <string>
#include <vector>

namespace strata {

/// Published files to begin with; those that are empty leave their network as it is.
struct InitialFiles {
    std::filesystem::path vae;       // of Stable Diffusion 1.5
    std::filesystem::path clip;      // CLIP's picture tower
    std::filesystem::path unet;      // of Stable Diffusion 1.5, for reference network and denoiser
    std::filesystem::path reference; // of Moore or MIMO; counts before `unet`
    std::filesystem::path denoiser;  // the same
    std::filesystem::path motion;    // motion modules of AnimateDiff, Moore or MIMO
    std::filesystem::path pose;      // pose guider of Moore or MIMO
};

/// Copies the files' values into the networks. What a file lacks is an error, but for motion
/// modules, which keep their values. Inputs that a file's first layer lacks begin as zero, so that
/// a network with more conditions begins as the published one. -> sentences about tensors without a
/// place.
Result<std::vector<std::string>> beginFromFiles(const InitialFiles& files,
                                                TrainingNetworks& networks);

} // namespace strata
