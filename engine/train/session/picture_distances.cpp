// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/picture_distances.h"

#include "engine/formats/checkpoint.h"
#include "engine/nn/guard.h"
#include "engine/nn/lpips/lpips.h"
#include "engine/train/session/encoder_tokens.h"
#include "engine/train/trainer/picture_tensors.h"
#include "engine/weights/load_weights.h"

namespace strata {
namespace {

constexpr std::int64_t kTokens = 16;

std::string quoted(const std::filesystem::path& file) {
    return "'" + file.filename().string() + "'";
}

} // namespace

Result<PictureDistance> encoderDistance(const std::filesystem::path& encoder,
                                        const std::string& device) {
    STRATA_ASSIGN(const IdentityTokens tokens, encoderTokens(encoder, kTokens, device));
    const auto between = [tokens](const ImageU8& a, const ImageU8& b) {
        return nn::guarded("Comparing features", [&]() -> Result<double> {
            const auto alike = torch::cosine_similarity(tokens(bytesOf(a)), tokens(bytesOf(b)), 1);
            return 1 - alike.mean().item<double>();
        });
    };
    return PictureDistance{"DINOv2", between};
}

Result<PictureDistance> perceptualDistance(const std::filesystem::path& alexNet,
                                           const std::filesystem::path& linear,
                                           const std::string& device) {
    STRATA_ASSIGN(const ArrayMap features, readCheckpoint(alexNet));
    STRATA_ASSIGN(const ArrayMap weights, readCheckpoint(linear));
    return nn::guarded("Loading LPIPS", [&]() -> Result<PictureDistance> {
        nn::Lpips network;
        STRATA_TRY(
            loadWeights(*network, {{&features, quoted(alexNet)}, {&weights, quoted(linear)}}, {}));
        network->to(torch::Device(device));
        const auto between = [network, device](const ImageU8& a, const ImageU8& b) mutable {
            return nn::guarded("Comparing pictures", [&]() -> Result<double> {
                const torch::NoGradGuard noGrad;
                const auto planes = [&](const ImageU8& image) {
                    return (bytesOf(image).permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat32) /
                                127.5 -
                            1)
                        .to(torch::Device(device));
                };
                return network->forward(planes(a), planes(b)).item<double>();
            });
        };
        return PictureDistance{"LPIPS", between};
    });
}

} // namespace strata
