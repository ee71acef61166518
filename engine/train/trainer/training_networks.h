// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/codes/motion_code.h"
#include "engine/nn/mimo/mimo_networks.h"
#include "engine/train/trainer/flat_parameters.h"
#include "engine/train/trainer/training_config.h"

#include <filesystem>
#include <memory>

namespace strata {

/// The mesh whose motion the networks are shown.
struct TrainingBody {
    std::vector<float> rest;          // [V, 3] in the T-pose
    std::vector<std::uint32_t> faces; // [F, 3]
    // Of the skeleton and the maps only:
    std::vector<float> jointRegressor; // [J, V]
    std::vector<int> parents;          // [J], -1: of the root
    std::vector<int> parts;            // [V], the joint that moves the vertex most

    std::int64_t vertices() const { return std::int64_t(rest.size()) / 3; }
};

/// The networks that are trained and those that help, with the codes on the vertices.
struct TrainingNetworks {
    std::shared_ptr<nn::MimoNetworks> networks;
    nn::MotionCode code{nullptr}; // none where the motion code is not learnt

    /// With values to begin with, the same for the same seed everywhere. What the stage does not
    /// learn takes no gradients.
    static Result<TrainingNetworks> create(const TrainingConfig& config, const TrainingBody& body,
                                           const torch::Device& device);

    const nn::MimoConfig& config() const { return networks->config; }
    torch::TensorOptions options() const;
    /// Parameters and buffers as "denoiser.conv_in.weight", "code.codes".
    NamedTensors all() const;
    /// The parameters that take gradients, in the order of the networks' passes.
    NamedTensors learnt() const;
};

/// Writes the networks as separate files (vae.safetensors, …) that `strata edit` can load, with
/// codes.safetensors and training.json, into a folder: of the stage Autoencoder the picture coder
/// alone. half: as 16-bit floats.
Status exportNetworks(const TrainingNetworks& networks, const TrainingConfig& config,
                      const std::filesystem::path& folder, bool half);

/// Fills the networks that the folder has files of, as exportNetworks() wrote them, and takes the
/// latents' scale over. NotFound when it has none.
Status importNetworks(const std::filesystem::path& folder, TrainingNetworks& networks);

} // namespace strata
