// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layers.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/guided_filter.h"
#include "engine/decompose/scene/layer_evidence.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Keeps the things of `now` that have a partner of similar size close by in one of the
/// neighbouring frames: a thing stays a thing, an error of a matte comes and goes.
cv::Mat lasting(const cv::Mat& now, const std::vector<cv::Mat>& neighbours) {
    if (neighbours.empty())
        return now.clone();
    cv::Mat labels, stats, centres, result = cv::Mat::zeros(now.size(), CV_8U);
    const int n = cv::connectedComponentsWithStats(now, labels, stats, centres);
    for (int i = 1; i < n; ++i) {
        const double area = stats.at<int>(i, cv::CC_STAT_AREA);
        const double reach = 2.0 * std::sqrt(area);
        const cv::Point2d centre(centres.at<double>(i, 0), centres.at<double>(i, 1));
        for (const auto& other : neighbours) {
            cv::Mat otherLabels, otherStats, otherCentres;
            const int m =
                cv::connectedComponentsWithStats(other, otherLabels, otherStats, otherCentres);
            bool partner = false;
            for (int k = 1; k < m && !partner; ++k) {
                const double ratio = otherStats.at<int>(k, cv::CC_STAT_AREA) / area;
                const cv::Point2d at(otherCentres.at<double>(k, 0), otherCentres.at<double>(k, 1));
                partner = ratio > 0.35 && ratio < 2.9 && cv::norm(at - centre) < reach;
            }
            if (partner) {
                result.setTo(255, labels == i);
                break;
            }
        }
    }
    return result;
}

} // namespace

struct LayerSplitter::Impl {
    Impl(const LayerInputs& in, const LayerOptions& how)
        : inputs(in)
        , options(how)
        , collector(inputs, options) {}

    LayerInputs inputs;
    LayerOptions options;
    EvidenceCollector collector;

    Result<cv::Mat> occluder(std::int64_t index, const JobContext& job);
    cv::Mat refined(const cv::Mat& small, const ImageU8& rgb) const;
};

/// The occluder at work size: near things by majority over three frames, strange things when they
/// last.
Result<cv::Mat> LayerSplitter::Impl::occluder(std::int64_t index, const JobContext& job) {
    STRATA_ASSIGN(const auto now, collector.collect(index, job));
    std::vector<cv::Mat> strange;
    cv::Mat votes = now->near / 255;
    int voters = 1;
    const auto work = collector.workSize();
    for (const auto other : {index - 1, index + 1}) {
        if (other < 0 || other >= inputs.rgb->frameCount() ||
            !inputs.camera->sameShot(other, index))
            continue;
        STRATA_ASSIGN(const auto there, collector.collect(other, job));
        const auto map =
            rescaled(inputs.camera->between(index, other), inputs.rgb->frameSize(), work);
        cv::Mat near = there->near;
        if (!map.isIdentity())
            cv::warpPerspective(there->near, near, toCv(map), near.size(),
                                cv::INTER_NEAREST | cv::WARP_INVERSE_MAP);
        votes += near / 255;
        strange.push_back(there->strange);
        ++voters;
    }
    cv::Mat result = votes > voters / 2;
    result |= lasting(now->strange, strange);
    result |= now->people;
    return result;
}

cv::Mat LayerSplitter::Impl::refined(const cv::Mat& small, const ImageU8& rgb) const {
    cv::Mat large, result = cv::Mat::zeros(rgb.height(), rgb.width(), CV_8U);
    cv::resize(small, large, result.size(), 0, 0, cv::INTER_LINEAR);
    const cv::Rect tight = cv::boundingRect(large);
    if (tight.empty())
        return result;
    const int radius = std::max(2, std::max(rgb.width(), rgb.height()) / 220);
    const int border = 3 * radius;
    const cv::Rect region = cv::Rect(tight.x - border, tight.y - border, tight.width + 2 * border,
                                     tight.height + 2 * border) &
                            cv::Rect({0, 0}, result.size());
    guidedMask(large(region), view(rgb)(region), radius, 1e-3).copyTo(result(region));
    return result;
}

LayerSplitter::LayerSplitter(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
LayerSplitter::LayerSplitter(LayerSplitter&&) noexcept = default;
LayerSplitter& LayerSplitter::operator=(LayerSplitter&&) noexcept = default;
LayerSplitter::~LayerSplitter() = default;

Result<LayerSplitter> LayerSplitter::create(const LayerInputs& inputs, LayerOptions options) {
    if (!inputs.rgb || !inputs.human || !inputs.camera)
        return Error{ErrorCode::Usage,
                     "The layers need frames, the person's alpha and the camera."};
    const auto n = inputs.rgb->frameCount();
    bool equal = inputs.human->frameCount() == n && inputs.camera->frameCount() == n &&
                 (!inputs.depth || inputs.depth->frameCount() == n);
    for (const auto* mask : {inputs.silhouette, inputs.bodyParts, inputs.otherPeople})
        equal = equal && (!mask || mask->frameCount() == n);
    if (!equal)
        return Error{ErrorCode::ShapeMismatch,
                     "The inputs of the layers differ in their number of frames."};
    if (options.blockFrames < 2 || options.sampleStride < 1 || options.workSide < 32)
        return Error{ErrorCode::Usage, "The options of the layers are out of range."};
    return LayerSplitter(std::make_unique<Impl>(inputs, options));
}

Result<LayerFrame> LayerSplitter::split(std::int64_t index, const JobContext& job) {
    auto& d = *m_impl;
    if (job.stopRequested())
        return cancelled();
    if (index < 0 || index >= d.inputs.rgb->frameCount())
        return Error{ErrorCode::Usage, "The layers were asked for frame " + std::to_string(index) +
                                           ", which is not there."};
    STRATA_ASSIGN(const auto rgb, d.inputs.rgb->frame(index));
    STRATA_ASSIGN(const auto human, d.inputs.human->frame(index));
    if (human->size() != rgb->size() || human->channels() != 1)
        return Error{ErrorCode::ShapeMismatch, "The person's alpha and the frame differ in size."};
    STRATA_ASSIGN(const cv::Mat small, d.occluder(index, job));
    LayerFrame result{*human, ImageU8(rgb->width(), rgb->height(), 1)};
    d.refined(small, *rgb).copyTo(view(result.occluder));
    for (std::size_t i = 0; i < result.human.count(); ++i) {
        const int front = result.occluder.data()[i];
        auto& alpha = result.human.data()[i];
        alpha = std::uint8_t(alpha * (255 - front) / 255);
    }
    return result;
}

} // namespace strata
