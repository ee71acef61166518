// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/trained_networks.h"

#include "engine/core/atomic_file.h"
#include "engine/nn/guard.h"
#include "engine/train/trainer/training_state.h"

namespace strata {
namespace {
namespace fs = std::filesystem;

Result<TrainingConfig> trainedConfig(const fs::path& from) {
    if (!fs::is_directory(from)) {
        STRATA_ASSIGN(const Settings settings, readTrainingSettings(from));
        return TrainingConfig::from(settings);
    }
    const fs::path file = from / "training.json";
    STRATA_ASSIGN(const std::string text, readFile(file, 1 << 20));
    STRATA_ASSIGN(const Settings settings, parseSettings(text, "'" + file.string() + "'"));
    return TrainingConfig::from(settings);
}

} // namespace

Result<TrainedNetworks> trainedNetworks(const fs::path& from, const TrainingBody& body,
                                        const std::string& device) {
    TrainedNetworks out;
    STRATA_ASSIGN(out.config, trainedConfig(from));
    if (out.config.learntCodes() && body.vertices() == 0)
        out.config.motion = MotionCondition::Given;
    out.config.precision = TrainingPrecision::Float;
    const auto place = nn::guarded("Using the device " + device, [&]() -> Result<torch::Device> {
        return torch::Device(device);
    });
    STRATA_TRY(place);
    STRATA_ASSIGN(out.networks, TrainingNetworks::create(out.config, body, *place));
    if (fs::is_directory(from)) {
        STRATA_TRY(importNetworks(from, out.networks));
    } else {
        STRATA_TRY(beginFromState(from, out.networks));
    }
    return out;
}

} // namespace strata
