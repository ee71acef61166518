// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/train/trainer/training_networks.h"

#include <filesystem>

namespace strata {

/// The numbers of a training's state. What is random is decided by the step.
struct StateNumbers {
    std::int64_t step = 0, updates = 0, good = 0, skipped = 0;
    double lossScale = 1;
};

/// Everything a training needs to go on as if it had not stopped: learnt values, moments and
/// averages (FlatParameters::state), "frozen/" values of the others, "state/…" numbers and the
/// settings. Shares the networks' memory.
Result<ArrayMap> trainingState(const TrainingConfig& config, const TrainingNetworks& networks,
                               const FlatParameters& parameters, const StateNumbers& numbers);

/// Fills all of it back. The settings of the networks and the stage must be those of the file;
/// others, such as the number of steps, may have changed.
Status readTrainingState(const std::filesystem::path& file, const TrainingConfig& config,
                         TrainingNetworks& networks, FlatParameters& parameters,
                         StateNumbers& numbers);

/// The settings that a checkpoint was written with.
Result<Settings> readTrainingSettings(const std::filesystem::path& file);

/// Networks to begin another stage with: the averaged weights of a checkpoint where it has them,
/// the latents' scale if its coder is the same. Networks that it lacks keep their values; one that
/// it has with other sizes is an error.
Status beginFromState(const std::filesystem::path& file, TrainingNetworks& networks);

} // namespace strata
