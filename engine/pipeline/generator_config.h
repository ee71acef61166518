// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/mimo/mimo_config.h"

#include <filesystem>

namespace strata {

/// Sizes of the generator's networks: those of the published release, except what the JSON file
/// names, if there is one. Its objects "unet", "pose", "vae" and "clip" and their numbers are
/// called as in nn::MimoConfig ({"unet": {"channels": [64, 128, 256, 256], "heads": 4}}).
Result<nn::MimoConfig> readGeneratorConfig(const std::filesystem::path& file);

/// How the latents of our own generator are scaled: networks.vae.scale in the settings that its
/// training wrote.
Result<double> readLatentScale(const std::filesystem::path& settings);

} // namespace strata
