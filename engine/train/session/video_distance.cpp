// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/session/video_distance.h"

#include "engine/formats/checkpoint.h"
#include "engine/nn/guard.h"
#include "engine/nn/i3d/i3d.h"
#include "engine/train/trainer/picture_tensors.h"
#include "engine/weights/load_weights.h"

namespace strata {
namespace {

constexpr std::int64_t kVideoSide = 224;
constexpr int kLeastFrames = 9; // which leave two after I3D's strides

/// -> [1, 3, T, 224, 224] in -1..1
torch::Tensor videoOf(std::span<const ImageU8> frames) {
    std::vector<torch::Tensor> out;
    for (const ImageU8& frame : frames) {
        const auto planes = bytesOf(frame).permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat32);
        out.push_back(torch::upsample_bilinear2d(planes, {kVideoSide, kVideoSide}, false));
    }
    return torch::stack(out, 2) / 127.5 - 1;
}

torch::Tensor rowsOf(std::span<const std::vector<float>> features) { // [N, D], double
    std::vector<torch::Tensor> rows;
    for (const auto& one : features)
        rows.push_back(torch::tensor(one));
    return torch::stack(rows).to(torch::kFloat64);
}

} // namespace

Result<ClipFeatures> videoFeatures(const std::filesystem::path& i3d, const std::string& device) {
    STRATA_ASSIGN(const ArrayMap weights, readCheckpoint(i3d));
    return nn::guarded("Loading I3D", [&]() -> Result<ClipFeatures> {
        nn::I3d network;
        STRATA_TRY(loadWeights(*network, weights, "'" + i3d.filename().string() + "'"));
        network->to(torch::Device(device));
        const auto of = [network, device](std::span<const ImageU8> frames) mutable {
            return nn::guarded("Comparing clips", [&]() -> Result<std::vector<float>> {
                const torch::NoGradGuard noGrad;
                const auto logits = network->forward(videoOf(frames).to(torch::Device(device)))
                                        .to(torch::kCPU)
                                        .contiguous();
                return std::vector<float>(logits.data_ptr<float>(),
                                          logits.data_ptr<float>() + logits.numel());
            });
        };
        return ClipFeatures{"FVD", kLeastFrames, of};
    });
}

Result<double> frechetDistance(std::span<const std::vector<float>> a,
                               std::span<const std::vector<float>> b) {
    if (a.size() < 2 || b.size() < 2)
        return Error{ErrorCode::NothingToDo, "Distributions are of at least two clips each."};
    return nn::guarded("Comparing sets of clips", [&]() -> Result<double> {
        const auto left = rowsOf(a), right = rowsOf(b);
        if (left.size(1) != right.size(1))
            return Error{ErrorCode::ShapeMismatch, "The two sets of clips have other features."};
        const auto means = left.mean(0) - right.mean(0);
        const auto spread = [](const torch::Tensor& x) { // C = s^T s
            return (x - x.mean(0, true)) / std::sqrt(double(x.size(0) - 1));
        };
        const auto s = spread(left), t = spread(right);
        // The eigenvalues' roots of s^T s t^T t are the singular values of s t^T, which is small.
        const auto roots = torch::linalg_svdvals(torch::matmul(s, t.t())).sum();
        return (means.square().sum() + s.square().sum() + t.square().sum() - 2 * roots)
            .item<double>();
    });
}

} // namespace strata
