// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/clip/clip_vision.h"
#include "engine/nn/mimo/mimo_config.h"
#include "engine/nn/pose/pose_guider.h"
#include "engine/nn/refiner/refiner.h"
#include "engine/nn/unet/unet.h"
#include "engine/nn/vae/vae.h"

namespace strata::nn {

/// All networks of the generator, of one type and on one device. `config` must have passed check().
struct MimoNetworks {
    explicit MimoNetworks(const MimoConfig& given, const torch::TensorOptions& options = {})
        : config(given)
        , vae(given.vae, options)
        , clip(given.usesClip() ? ClipVision(given.clip, options) : ClipVision(nullptr))
        , pose(given.pose, options)
        , refiner(given.refines() ? Refiner(given.refiner, options) : Refiner(nullptr))
        , reference(given.reference, options)
        , denoiser(given.denoiser, options) {}

    MimoConfig config;
    Vae vae;
    ClipVision clip; // none where tokens come from outside
    PoseGuider pose;
    Refiner refiner; // none where nothing is refined
    ReferenceUnet reference;
    DenoisingUnet denoiser;
};

} // namespace strata::nn
