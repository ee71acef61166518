// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/resnet_block.h"
#include "engine/nn/mimo/mimo_config.h"

#include <vector>

namespace strata::nn {

/// Says in full resolution what is to be changed in a sketch, from what the generator's latents say
/// about it: a small UNet of resnets on squares of fold x fold pixels. Its answer is added to a
/// share of the change it is given. Before it learns, that is all of it; then none at first, since
/// latents hold little detail, and what they say is only one of the things that it sees.
struct RefinerImpl : torch::nn::Module {
    RefinerImpl(const RefinerConfig& config, const torch::TensorOptions& options = {});

    /// sketch, scene: [N, 3, H, W] in -1..1; change: the same, in units of these, as the picture
    /// coder gives it (the answer less the sketch, both decoded) -> the change, [N, 3, H, W].
    /// Sides of any length.
    torch::Tensor forward(const torch::Tensor& sketch, const torch::Tensor& change,
                          const torch::Tensor& scene);

    /// For the start of its training: one whose last layer is still empty answers with nothing, so
    /// that the sketch stays. Another is left as it is.
    void beginWithSketch();

    torch::Tensor change_share; // [1]

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
