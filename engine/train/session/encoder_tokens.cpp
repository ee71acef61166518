// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/encoder_tokens.h"

#include "engine/formats/safetensors.h"
#include "engine/nn/depth/dino_tokens.h"
#include "engine/nn/guard.h"
#include "engine/weights/load_weights.h"

#include <cmath>

namespace strata {
namespace {

/// Sizes as the file's tensors have them.
Result<nn::DinoVitConfig> configOf(const ArrayMap& arrays, const std::string& name) {
    STRATA_ASSIGN(const Array first, require(arrays, "cls_token", name, {1, 1, -1}));
    STRATA_ASSIGN(const Array hidden, require(arrays, "blocks.0.mlp.fc1.weight", name, {-1, -1}));
    STRATA_ASSIGN(const Array places, require(arrays, "pos_embed", name, {1, -1, -1}));
    nn::DinoVitConfig config;
    config.width = first.shape[2];
    config.hidden = hidden.shape[0];
    config.grid = std::int64_t(std::lround(std::sqrt(double(places.shape[1] - 1))));
    config.blocks = 0;
    while (arrays.contains("blocks." + std::to_string(config.blocks) + ".norm1.weight"))
        ++config.blocks;
    if (config.blocks < nn::kDinoTokenBlocks)
        return Error{ErrorCode::BadFormat, name + " holds too few blocks of an image encoder."};
    return config;
}

constexpr std::int64_t kFeatureSide = 112; // pixels: a quarter of the work of the tokens
constexpr std::int64_t kFeatureGrid = 4;

Result<nn::DinoVit> encoderOf(const std::filesystem::path& file, const std::string& device) {
    const std::string name = "'" + file.filename().string() + "'";
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(file));
    STRATA_ASSIGN(const nn::DinoVitConfig config, configOf(arrays, name));
    return nn::guarded("Loading " + name, [&]() -> Result<nn::DinoVit> {
        nn::DinoVit network(config);
        STRATA_TRY(loadWeights(*network, arrays, name));
        network->to(torch::Device(device));
        for (auto& parameter : network->parameters())
            parameter.requires_grad_(false);
        return network;
    });
}

} // namespace

Result<IdentityTokens> encoderTokens(const std::filesystem::path& file, std::int64_t tokens,
                                     const std::string& device) {
    const auto grid = std::int64_t(std::lround(std::sqrt(double(tokens))));
    if (grid < 1 || grid > 16 || grid * grid != tokens)
        return Error{ErrorCode::Usage, "The image encoder gives a square of tokens, not " +
                                           std::to_string(tokens) + "."};
    STRATA_ASSIGN(nn::DinoVit network, encoderOf(file, device));
    return IdentityTokens([network, grid](const torch::Tensor& picture) mutable {
        return nn::dinoTokens(network, picture, grid);
    });
}

Result<PictureFeatures> encoderFeatures(const std::filesystem::path& file,
                                        const std::string& device) {
    STRATA_ASSIGN(nn::DinoVit network, encoderOf(file, device));
    return PictureFeatures([network](const torch::Tensor& pictures) mutable {
        return nn::dinoFeatures(network, pictures / 2 + 0.5, kFeatureSide, kFeatureGrid);
    });
}

} // namespace strata
