// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/basic_layers.h"
#include "engine/nn/mimo/mimo_config.h"

#include <vector>

namespace strata::nn {

struct ClipResult {
    torch::Tensor embedding;           // [N, projection], not normalised
    torch::Tensor lastHidden;          // [N, 1 + patches, width] before the last norm
    std::vector<torch::Tensor> hidden; // after the first norm and after each layer, if asked for
};

/// CLIP's picture encoder with its projection. Member names are the official checkpoints' key
/// names.
struct ClipVisionImpl : torch::nn::Module {
    ClipVisionImpl(const ClipVisionConfig& config, const torch::TensorOptions& options = {});

    /// picture: [N, 3, image, image], normalised with CLIP's mean and deviation
    ClipResult forward(const torch::Tensor& picture, bool keepHidden = false);

    const ClipVisionConfig& config() const { return m_config; }

private:
    struct Layer {
        LayerNorm norm1{nullptr}, norm2{nullptr};
        Dense query{nullptr}, key{nullptr}, value{nullptr}, out{nullptr}, fc1{nullptr},
            fc2{nullptr};
    };
    Layer makeLayer(torch::nn::Module& parent, const torch::TensorOptions& options) const;
    torch::Tensor run(Layer& layer, const torch::Tensor& x) const;

    ClipVisionConfig m_config;
    torch::Tensor m_class, m_positions;
    Conv m_patches{nullptr};
    LayerNorm m_before{nullptr}, m_after{nullptr};
    std::vector<Layer> m_layers;
    Dense m_projection{nullptr};
};
TORCH_MODULE(ClipVision);

/// True for a key that some files carry although the network has no use for it.
bool clipVisionIgnores(const std::string& key);

} // namespace strata::nn
