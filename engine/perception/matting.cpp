// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/matting.h"

#include "engine/perception/checks.h"
#include "engine/perception/onnx_session.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int kMultiple = 32;
// The network sees at most this many times `networkSide` along the longer side; beyond it the
// picture is squeezed.
constexpr int kLongestRatio = 4;

int roundToMultiple(double value) {
    return std::max(kMultiple, int(std::lround(value / kMultiple)) * kMultiple);
}

Size networkSize(Size frame, int shorterSide) {
    const double scale = double(shorterSide) / std::min(frame.width, frame.height);
    const int longest = shorterSide * kLongestRatio;
    return {std::min(roundToMultiple(frame.width * scale), longest),
            std::min(roundToMultiple(frame.height * scale), longest)};
}

// [H, W, 3] bytes -> [3, H, W] in -1..1, resized.
std::vector<float> planes(const ImageU8& rgb, Size size) {
    const cv::Mat source(rgb.height(), rgb.width(), CV_8UC3, const_cast<std::uint8_t*>(rgb.data()));
    cv::Mat small;
    const bool shrinks = size.width < rgb.width();
    cv::resize(source, small, cv::Size(size.width, size.height), 0, 0,
               shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    std::vector<float> values(std::size_t(3) * size.width * size.height);
    const std::size_t plane = std::size_t(size.width) * size.height;
    const std::uint8_t* pixel = small.data;
    for (std::size_t i = 0; i < plane; ++i, pixel += 3)
        for (std::size_t c = 0; c < 3; ++c)
            values[c * plane + i] = (float(pixel[c]) - 127.5f) / 127.5f;
    return values;
}

} // namespace

struct Matting::Impl {
    OnnxSession session;
};

Matting::Matting(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
Matting::Matting(Matting&&) noexcept = default;
Matting& Matting::operator=(Matting&&) noexcept = default;
Matting::~Matting() = default;

Result<Matting> Matting::load(const std::filesystem::path& modelFile) {
    const OnnxSignature signature{{{OnnxSignature::Type::Float, 3}},
                                  {{OnnxSignature::Type::Float, 1}}};
    STRATA_ASSIGN(auto session, OnnxSession::load(modelFile, "MODNet", signature));
    return Matting(std::make_unique<Impl>(Impl{std::move(session)}));
}

Result<ImageF> Matting::alpha(const ImageU8& rgb, int networkSide) {
    STRATA_TRY(requireRgb(rgb, "Matting"));
    if (networkSide < kMultiple || networkSide > 2048 || networkSide % kMultiple != 0)
        return Error{ErrorCode::Usage, "Matting needs a network side that is a multiple of 32 up "
                                       "to 2048, not " +
                                           std::to_string(networkSide) + "."};
    const auto size = networkSize(rgb.size(), networkSide);
    const auto input = planes(rgb, size);
    const OnnxInput inputs[] = {{{1, 3, size.height, size.width}, std::span<const float>(input)}};
    STRATA_ASSIGN(auto outputs, m_impl->session.run(inputs));
    auto* values = std::get_if<std::vector<float>>(&outputs.front().values);
    if (!values || values->size() != std::size_t(size.width) * size.height)
        return Error{ErrorCode::Internal, "MODNet gave a matte of an unexpected size."};

    const cv::Mat small(size.height, size.width, CV_32FC1, values->data());
    ImageF alpha(rgb.width(), rgb.height(), 1);
    cv::Mat full(rgb.height(), rgb.width(), CV_32FC1, alpha.data());
    cv::resize(small, full, full.size(), 0, 0, cv::INTER_LINEAR);
    cv::min(cv::max(full, 0.0), 1.0, full);
    return alpha;
}

} // namespace strata
