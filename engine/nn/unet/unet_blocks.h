// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/resnet_block.h"
#include "engine/nn/mimo/mimo_config.h"
#include "engine/nn/unet/motion_module.h"
#include "engine/nn/unet/transformer.h"

#include <string>
#include <vector>

namespace strata::nn {

/// Layers of one level: a resnet, then a transformer and a motion module where the level has them.
class UnetLayers {
public:
    /// Registers the layers in `owner`; `inputs` are the channels that each resnet is given.
    UnetLayers(torch::nn::Module& owner, const std::string& name, const UnetConfig& config,
               const std::vector<int64_t>& inputs, int64_t out, bool transformers,
               const torch::TensorOptions& options);

    std::size_t count() const { return m_resnets.size(); }
    torch::Tensor run(std::size_t layer, torch::Tensor x, UnetPass& pass);
    const std::string& name() const { return m_name; }
    const std::vector<SpatialTransformer>& transformers() const { return m_transformers; }

private:
    std::string m_name;
    std::vector<ResnetBlock> m_resnets;
    std::vector<SpatialTransformer> m_transformers;
    std::vector<MotionModule> m_motions;
};

struct DownBlockImpl : torch::nn::Module {
    DownBlockImpl(const UnetConfig& config, std::size_t level, const torch::TensorOptions& options);
    torch::Tensor forward(torch::Tensor x, UnetPass& pass, std::vector<torch::Tensor>& skips);

    UnetLayers layers;
    Conv downsampler{nullptr};
};
TORCH_MODULE(DownBlock);

/// Resnet, transformer, motion module, resnet at the coarsest level.
struct MidBlockImpl : torch::nn::Module {
    MidBlockImpl(const UnetConfig& config, const torch::TensorOptions& options);
    torch::Tensor forward(torch::Tensor x, UnetPass& pass);

    ResnetBlock first{nullptr}, last{nullptr};
    SpatialTransformer transformer{nullptr};
    MotionModule motion{nullptr};
};
TORCH_MODULE(MidBlock);

struct UpBlockImpl : torch::nn::Module {
    /// `block` counts from the coarsest level.
    UpBlockImpl(const UnetConfig& config, std::size_t block, const torch::TensorOptions& options);
    /// Undefined when the pass ended inside.
    torch::Tensor forward(torch::Tensor x, UnetPass& pass, std::vector<torch::Tensor>& skips);

    UnetLayers layers;
    Conv upsampler{nullptr};
};
TORCH_MODULE(UpBlock);

} // namespace strata::nn
