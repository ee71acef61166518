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
///
/// With config.light it also says, from all of the picture at once, how the person is exposed in
/// such a scene: two numbers a colour, whose logarithmic gain on a level s (0..1) is g0 + g1 s,
/// since cameras answer to light more in dark tones than in bright ones; applied where its mask is.
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
    /// What the layers find: their answer, folded, and the light (undefined without config.light).
    struct Found {
        torch::Tensor answer; // [N, 3 fold^2, h, w]
        torch::Tensor gains;  // [N, 6, 1, 1]: g0 and g1 of each colour
        torch::Tensor mask;   // [N, fold^2, h, w], 0..1
    };
    Found layers(torch::Tensor x);

    std::int64_t m_fold;
    Conv m_first{nullptr}, m_last{nullptr};
    GroupNorm m_norm{nullptr};
    std::vector<ResnetBlock> m_down, m_up; // by level, the finest first; m_up has none of the last
    ResnetBlock m_mid{nullptr};
    Dense m_lightIn{nullptr}, m_lightOut{nullptr};
    Conv m_lightMask{nullptr};
};
TORCH_MODULE(Refiner);

} // namespace strata::nn
