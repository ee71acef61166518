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

/// What the files of our own generator's networks do not tell.
struct TrainedSettings {
    double latentScale = 1;    // networks.vae.scale
    bool refinesLight = false; // networks.refiner.light; refiners of earlier trainings do not
};

/// From the settings that a training wrote (training.json). Without a scale it is an error.
Result<TrainedSettings> readTrainedSettings(const std::filesystem::path& settings);

} // namespace strata
