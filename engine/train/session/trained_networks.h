// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include "engine/train/trainer/training_networks.h"

#include <filesystem>
#include <string>

namespace strata {

struct TrainedNetworks {
    TrainingConfig config; // of the training, in single precision
    TrainingNetworks networks;
};

/// What a training made: a folder of exported networks or a checkpoint, of which the averaged
/// weights are taken. Without a body (only the picture coder is wanted) there are no codes.
Result<TrainedNetworks> trainedNetworks(const std::filesystem::path& from, const TrainingBody& body,
                                        const std::string& device);

} // namespace strata
