// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/depth/dino_vit.h"
#include "engine/nn/depth/dpt_head.h"

#include <torch/nn.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace strata::nn {

struct DepthAnythingConfig {
    DinoVitConfig encoder;
    DptHeadConfig head;

    /// Read off the names and shapes of a checkpoint with official names: Small, Base and Large
    /// differ only there.
    static Result<DepthAnythingConfig>
    fromShapes(const std::map<std::string, std::vector<std::int64_t>>& shapes);
};

/// Depth Anything V2. Member names are the official checkpoint's key names. Keys that the official
/// files carry but the network never uses are not members; see depthAnythingIgnores().
struct DepthAnythingImpl : torch::nn::Module {
    explicit DepthAnythingImpl(const DepthAnythingConfig& config);

    /// image: [B, 3, H, W], normalised, H and W multiples of the patch -> inverse depth [B, 1, H,
    /// W], >= 0
    torch::Tensor forward(const torch::Tensor& image);

    DinoVit pretrained{nullptr};
    DptHead depth_head{nullptr};
};
TORCH_MODULE(DepthAnything);

/// True for a key of the official files that the network does not need (mask token of the training,
/// the first residual unit of the deepest fusion block, which has nothing to add).
bool depthAnythingIgnores(const std::string& key);

} // namespace strata::nn
