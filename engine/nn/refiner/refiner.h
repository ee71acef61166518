// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/resnet_block.h"
#include "engine/nn/mimo/mimo_config.h"

#include <vector>

namespace strata::nn {

/// Says in full resolution what is to be changed in a sketch, from what the generator's latents say
/// about it: a small UNet of resnets on squares of fold x fold pixels. Its answer is added to the
/// change it is given, so that one with an empty last layer leaves it as it is.
struct RefinerImpl : torch::nn::Module {
    RefinerImpl(const RefinerConfig& config, const torch::TensorOptions& options = {});

    /// sketch, scene: [N, 3, H, W] in -1..1; change: the same, in units of these, as the picture
    /// coder gives it (the answer less the sketch, both decoded) -> the change, [N, 3, H, W].
    /// Sides of any length.
    torch::Tensor forward(const torch::Tensor& sketch, const torch::Tensor& change,
                          const torch::Tensor& scene);

private:
    torch::Tensor layers(torch::Tensor x);

    std::int64_t m_fold;
    Conv m_first{nullptr}, m_last{nullptr};
    GroupNorm m_norm{nullptr};
    std::vector<ResnetBlock> m_down, m_up; // by level, the finest first; m_up has none of the last
    ResnetBlock m_mid{nullptr};
};
TORCH_MODULE(Refiner);

} // namespace strata::nn
