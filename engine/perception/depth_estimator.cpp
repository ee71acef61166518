// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/perception/depth_estimator.h"

#include "engine/formats/checkpoint.h"
#include "engine/formats/safetensors.h"
#include "engine/nn/depth/dino_tokens.h"
#include "engine/nn/guard.h"
#include "engine/nn/threads.h"
#include "engine/perception/checks.h"
#include "engine/perception/depth_weights.h"
#include "engine/weights/tensor_map.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

constexpr int kPatch = 14;
constexpr int kLargestNetworkSide = 1400;
constexpr int kLongestRatio = 4; // beyond it the picture is squeezed
// Mean and deviation of ImageNet, which the encoder was trained with.
constexpr std::array<float, 3> kMean{0.485f, 0.456f, 0.406f};
constexpr std::array<float, 3> kDeviation{0.229f, 0.224f, 0.225f};

Size networkSize(Size frame, int shorterSide) {
    const double scale = double(shorterSide) / std::min(frame.width, frame.height);
    const auto fit = [&](int side) {
        const int rounded = std::max(kPatch, int(std::lround(side * scale / kPatch)) * kPatch);
        return std::min(rounded, shorterSide * kLongestRatio);
    };
    return {fit(frame.width), fit(frame.height)};
}

// [H, W, 3] bytes -> [1, 3, h, w] normalised, channels last.
torch::Tensor networkInput(const ImageU8& rgb, Size size) {
    const cv::Mat source(rgb.height(), rgb.width(), CV_8UC3, const_cast<std::uint8_t*>(rgb.data()));
    cv::Mat small;
    // Cubic as published, unless the picture shrinks so much that pixels would be skipped.
    const bool skips = rgb.width() > 2 * size.width || rgb.height() > 2 * size.height;
    cv::resize(source, small, cv::Size(size.width, size.height), 0, 0,
               skips ? cv::INTER_AREA : cv::INTER_CUBIC);
    auto pixels = torch::empty({1, size.height, size.width, 3}, torch::kFloat32);
    auto* value = pixels.data_ptr<float>();
    const std::int64_t count = std::int64_t(size.width) * size.height;
    for (std::int64_t i = 0; i < count; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            *value++ =
                (float(small.data[3 * i + std::int64_t(c)]) / 255.f - kMean[c]) / kDeviation[c];
    return pixels.permute({0, 3, 1, 2});
}

/// Whether a parameter of the encoder is of a block that its tokens do not need.
bool isPastTokens(const std::string& name) {
    constexpr std::string_view kBlocks = "blocks.";
    return name.starts_with(kBlocks) &&
           std::stoi(name.substr(kBlocks.size())) >= nn::kDinoTokenBlocks;
}

} // namespace

struct DepthEstimator::Impl {
    nn::DepthAnything network;
};

DepthEstimator::DepthEstimator(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
DepthEstimator::DepthEstimator(DepthEstimator&&) noexcept = default;
DepthEstimator& DepthEstimator::operator=(DepthEstimator&&) noexcept = default;
DepthEstimator::~DepthEstimator() = default;

Result<DepthEstimator> DepthEstimator::load(const std::filesystem::path& modelFile) {
    const bool inPackage =
        modelFile.filename() == "model.mil" || modelFile.filename() == "weight.bin";
    const auto source = inPackage ? modelFile.parent_path() : modelFile;
    STRATA_ASSIGN(const auto tensors, readCheckpoint(source));
    STRATA_ASSIGN(auto network, depthNetworkFrom(tensors, quoted(source)));
    return DepthEstimator(std::make_unique<Impl>(Impl{std::move(network)}));
}

Result<ImageF> DepthEstimator::inverseDepth(const ImageU8& rgb, int networkSide) {
    STRATA_TRY(requireRgb(rgb, "Depth estimation"));
    if (networkSide < kPatch || networkSide > kLargestNetworkSide || networkSide % kPatch != 0)
        return Error{
            ErrorCode::Usage,
            "Depth estimation needs a network side that is a multiple of 14 up to 1400, not " +
                std::to_string(networkSide) + "."};
    const auto size = networkSize(rgb.size(), networkSide);
    return nn::inferring("Depth estimation", [&]() -> Result<ImageF> {
        const nn::ThreadScope threads(nn::ThreadScope::all());
        const auto small = m_impl->network(networkInput(rgb, size)).contiguous(); // [1, 1, h, w]
        const cv::Mat source(size.height, size.width, CV_32FC1, small.data_ptr<float>());
        ImageF depth(rgb.width(), rgb.height(), 1);
        cv::Mat target(rgb.height(), rgb.width(), CV_32FC1, depth.data());
        cv::resize(source, target, target.size(), 0, 0, cv::INTER_LINEAR);
        return depth;
    });
}

Result<std::vector<float>> DepthEstimator::tokens(const ImageU8& rgb, int grid) {
    STRATA_TRY(requireRgb(rgb, "The image encoder"));
    if (grid < 1 || grid > 16)
        return Error{ErrorCode::Usage, "The image encoder gives 1 to 16 tokens a side."};
    return nn::inferring("The image encoder", [&]() -> Result<std::vector<float>> {
        const nn::ThreadScope threads(nn::ThreadScope::all());
        const auto picture = torch::from_blob(const_cast<std::uint8_t*>(rgb.data()),
                                              {rgb.height(), rgb.width(), 3}, torch::kUInt8);
        const auto found = nn::dinoTokens(m_impl->network->pretrained, picture, grid);
        return std::vector<float>(found.data_ptr<float>(), found.data_ptr<float>() + found.numel());
    });
}

Status DepthEstimator::writeEncoder(const std::filesystem::path& file) const {
    return nn::inferring("The image encoder", [&]() -> Status {
        ArrayMap arrays;
        for (const auto& item : m_impl->network->pretrained->named_parameters()) {
            if (isPastTokens(item.key()))
                continue;
            STRATA_ASSIGN(arrays[item.key()], toArray(item.value().detach().to(torch::kHalf)));
        }
        return writeSafetensors(file, arrays);
    });
}

} // namespace strata
