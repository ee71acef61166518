// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/ablation.h"

#include "engine/train/trainer/motion_conditions.h"

#include <algorithm>

namespace strata {
namespace {

/// The denoiser's input as the conditions ask for.
void fitDenoiser(nn::MimoConfig& networks) {
    networks.denoiser.fromSketch = networks.sketch;
    networks.denoiser.inChannels =
        networks.vae.latentChannels *
        (1 + int(networks.scene) + int(networks.occluder) + int(networks.sketch));
}

} // namespace

Result<TrainingConfig> ablationConfig(std::string_view name) {
    if (std::ranges::find(kAblationNames, name) == kAblationNames.end())
        return Error{ErrorCode::Usage,
                     "There is no row of the ablation called '" + std::string(name) + "'."};
    STRATA_ASSIGN(TrainingConfig config, TrainingConfig::named("small"));
    auto& networks = config.networks;
    config.stage = TrainingStage::Frames;
    networks.sketch = name == "ablation-sketch";
    networks.refiner.channels.clear(); // it needs sketches, which only one row has
    if (name == "ablation-no-layers") {
        networks.scene = networks.occluder = false;
        config.identity = IdentityCondition::Opening;
    } else if (name == "ablation-no-occluder") {
        networks.occluder = false;
    } else if (name == "ablation-no-canonical") {
        config.identity = IdentityCondition::Posed;
    } else if (name == "ablation-skeleton") {
        config.motion = MotionCondition::Skeleton;
        networks.pose.inChannels = kSkeletonChannels;
    } else if (name == "ablation-maps") {
        config.motion = MotionCondition::Maps;
        networks.pose.inChannels = kMapChannels;
    }
    fitDenoiser(networks);
    return config;
}

} // namespace strata
