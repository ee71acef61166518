// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "engine/nn/mimo/mimo_networks.h"
#include "engine/weights/load_weights.h"
#include "tests/support/golden.h"

#include <memory>

namespace strata::test {

/// The sizes of the golden networks.
inline nn::MimoConfig tinyConfig() {
    nn::MimoConfig config = nn::MimoConfig::official();
    for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->channels = {32, 64, 128, 128};
        unet->contextWidth = 32;
    }
    config.pose.outChannels = 32;
    config.vae.channels = {32, 64, 64, 64};
    config.clip = {64, 3, 4, 256, 14, 224, 32};
    return config;
}

constexpr const char* kTinyNames[] = {"vae", "clip_vision_224", "pose_guider", "reference_unet",
                                      "denoising_unet"};

/// The golden networks; null and a printed sentence when their weights cannot be made.
inline std::shared_ptr<nn::MimoNetworks> tinyNetworks() {
    auto networks = std::make_shared<nn::MimoNetworks>(tinyConfig());
    torch::nn::Module* const modules[] = {networks->vae.get(), networks->clip.get(),
                                          networks->pose.get(), networks->reference.get(),
                                          networks->denoiser.get()};
    for (std::size_t i = 0; i < std::size(modules); ++i) {
        const auto weights = goldenWeights(kTinyNames[i]);
        const auto loaded = weights ? loadWeights(*modules[i], *weights, kTinyNames[i])
                                    : Result<LoadReport>(weights.error());
        if (!loaded) {
            std::printf("%s\n", loaded.error().message.c_str());
            return nullptr;
        }
    }
    return networks;
}

} // namespace strata::test
