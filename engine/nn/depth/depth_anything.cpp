// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/depth/depth_anything.h"

namespace strata::nn {
namespace {

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

// The extent of dimension `at` of tensor `key`; 0 when it is not there or has other dimensions.
std::int64_t extent(const Shapes& shapes, const std::string& key, std::size_t rank,
                    std::size_t at) {
    const auto found = shapes.find(key);
    if (found == shapes.end() || found->second.size() != rank)
        return 0;
    return found->second[at];
}

std::int64_t blockCount(const Shapes& shapes) {
    std::int64_t count = 0;
    while (shapes.count("pretrained.blocks." + std::to_string(count) + ".norm1.weight"))
        ++count;
    return count;
}

std::int64_t squareRoot(std::int64_t value) {
    std::int64_t root = 0;
    while (root <= 4096 && root * root < value)
        ++root;
    return root * root == value ? root : 0;
}

Error unlike(const std::string& what) {
    return {ErrorCode::BadFormat,
            "The weights are not those of Depth Anything V2 Small, Base or Large: " + what + "."};
}

} // namespace

Result<DepthAnythingConfig> DepthAnythingConfig::fromShapes(const Shapes& shapes) {
    DepthAnythingConfig config;
    auto& e = config.encoder;
    e.width = extent(shapes, "pretrained.cls_token", 3, 2);
    e.patch = extent(shapes, "pretrained.patch_embed.proj.weight", 4, 2);
    e.grid = squareRoot(extent(shapes, "pretrained.pos_embed", 3, 1) - 1);
    if (e.width <= 0 || e.width > 4096 || e.width % kDinoHeadWidth != 0)
        return unlike("'pretrained.cls_token' is missing or has an unexpected shape");
    if (e.patch != 14)
        return unlike("'pretrained.patch_embed.proj.weight' is missing or has another patch size");
    if (e.grid <= 0)
        return unlike("'pretrained.pos_embed' is missing or is not square");
    const auto blocks = blockCount(shapes);
    if (blocks == 12)
        e.taps = {2, 5, 8, 11};
    else if (blocks == 24)
        e.taps = {4, 11, 17, 23};
    else
        return unlike("the encoder has " + std::to_string(blocks) + " blocks instead of 12 or 24");
    e.blocks = blocks;
    e.hidden = extent(shapes, "pretrained.blocks.0.mlp.fc1.weight", 2, 0);
    config.head.inChannels = e.width;
    config.head.features = extent(shapes, "depth_head.scratch.layer1_rn.weight", 4, 0);
    for (std::size_t i = 0; i < 4; ++i)
        config.head.channels[i] =
            extent(shapes, "depth_head.projects." + std::to_string(i) + ".weight", 4, 0);
    for (const auto count :
         {e.hidden, config.head.features, config.head.channels[0], config.head.channels[1],
          config.head.channels[2], config.head.channels[3]})
        if (count <= 0 || count > 16384)
            return unlike("a layer of the depth head or of the encoder is missing");
    return config;
}

DepthAnythingImpl::DepthAnythingImpl(const DepthAnythingConfig& config) {
    pretrained = register_module("pretrained", DinoVit(config.encoder));
    depth_head = register_module("depth_head", DptHead(config.head));
}

torch::Tensor DepthAnythingImpl::forward(const torch::Tensor& image) {
    const auto patch = pretrained->config().patch;
    TORCH_CHECK(image.dim() == 4 && image.size(1) == 3 && image.size(2) % patch == 0 &&
                    image.size(3) % patch == 0 && image.numel() > 0,
                "the picture must be [B, 3, H, W] with sides that are multiples of ", patch);
    const auto features = pretrained(image); // 4 x [B, C, H / 14, W / 14]
    return depth_head(features, image.size(2), image.size(3));
}

bool depthAnythingIgnores(const std::string& key) {
    return key == "pretrained.mask_token" ||
           key.rfind("depth_head.scratch.refinenet4.resConfUnit1.", 0) == 0;
}

} // namespace strata::nn
