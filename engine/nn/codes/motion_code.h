// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/codes/body_rasters.h"

#include <torch/nn.h>

#include <span>

namespace strata::nn {

/// The paper's motion code: a learnt vector on every vertex of the body. What the pose guider sees
/// are pictures of the posed body in these codes.
struct MotionCodeImpl : torch::nn::Module {
    MotionCodeImpl(std::int64_t vertices, std::int64_t channels,
                   const torch::TensorOptions& options = {});

    /// Values to begin with, 0.15..0.95 as the pose guider is used to: three channels are the place
    /// on the resting body (defaultMotionCode), the others waves over it of random direction, finer
    /// from channel to channel. Smooth, since neighbouring vertices share pixels, and different
    /// everywhere. restVertices: [V, 3], the T-pose.
    void initialise(std::span<const float> restVertices, std::uint64_t seed);

    /// -> [N, C, H, W], 0 where there is no body
    torch::Tensor forward(const std::shared_ptr<const BodyRasters>& rasters) const {
        return drawCodes(codes, rasters);
    }

    torch::Tensor codes; // [V, C]
};
TORCH_MODULE(MotionCode);

} // namespace strata::nn
