// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/depth_alignment.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/robust_line.h"
#include "engine/decompose/scene/state_arrays.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

// The first frame's depth lies in 0..1; the 16 bits span this range, so a shot may drift or change.
constexpr float lowest = -0.75f;
constexpr float highest = 2.25f;
constexpr float changed = 0.08f; // a background pixel that differs by more shows something new

/// The line that brings this frame's own range to 0..1.
Line ownRange(const cv::Mat& depth) {
    std::vector<float> values(depth.begin<float>(), depth.end<float>());
    const auto at = [&](double share) {
        const auto place = values.begin() + std::ptrdiff_t(double(values.size() - 1) * share);
        std::nth_element(values.begin(), place, values.end());
        return double(*place);
    };
    const double low = at(0.01);
    const double range = std::max(at(0.99) - low, 1e-6);
    return {1.0 / range, -low / range};
}

cv::Mat carried(const cv::Mat& previous, const Homography& toPrevious, double outside) {
    if (toPrevious.isIdentity())
        return previous.clone();
    cv::Mat result;
    cv::warpPerspective(previous, result, toCv(toPrevious), previous.size(),
                        cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT,
                        cv::Scalar(outside));
    return result;
}

} // namespace

struct DepthAligner::Impl {
    Size frame;
    DepthAlignerOptions options;
    Size work;
    cv::Mat reference; // float, work size: the background's aligned depth, averaged
    cv::Mat weight;    // float, work size: frames that went into it; 0 = unknown
    cv::Mat last;      // uint16, frame size: what was returned last
    Line line;

    void startShot(const cv::Mat& depth, const cv::Mat& moving);
    void alignTo(const cv::Mat& depth, const cv::Mat& moving, const Homography& toPrevious);
    void remember(const cv::Mat& aligned, const cv::Mat& moving);
    void smooth(cv::Mat& aligned, const Homography& toPrevious) const;
};

void DepthAligner::Impl::startShot(const cv::Mat& depth, const cv::Mat& moving) {
    line = ownRange(depth);
    reference = depth * line.scale + line.shift;
    weight = cv::Mat(depth.size(), CV_32F, cv::Scalar(1));
    weight.setTo(0, moving);
}

void DepthAligner::Impl::alignTo(const cv::Mat& depth, const cv::Mat& moving,
                                 const Homography& toPrevious) {
    const auto map = rescaled(toPrevious, frame, work);
    reference = carried(reference, map, 0);
    weight = carried(weight, map, 0);
    std::vector<LineSample> samples;
    for (int y = 0; y < depth.rows; y += 2)
        for (int x = 0; x < depth.cols; x += 2) {
            const float known = weight.at<float>(y, x);
            if (known > 0.9f && !moving.at<std::uint8_t>(y, x))
                samples.push_back(
                    {depth.at<float>(y, x), reference.at<float>(y, x), std::sqrt(known)});
        }
    if (samples.size() * 50 < std::size_t(depth.total()))
        return; // hardly any background in view: the last line is the best guess
    line = fitLine(samples, line, 0.02);
}

void DepthAligner::Impl::remember(const cv::Mat& aligned, const cv::Mat& moving) {
    const float most = float(std::max(1, options.memoryFrames));
    for (int y = 0; y < aligned.rows; ++y)
        for (int x = 0; x < aligned.cols; ++x) {
            if (moving.at<std::uint8_t>(y, x))
                continue;
            float& w = weight.at<float>(y, x);
            float& mean = reference.at<float>(y, x);
            const float now = aligned.at<float>(y, x);
            if (w < 0.9f) {
                mean = now;
                w = 1;
                continue;
            }
            if (std::abs(now - mean) > changed)
                w = std::min(w, 2.f);
            mean += (now - mean) / (w + 1);
            w = std::min(w + 1, most);
        }
}

void DepthAligner::Impl::smooth(cv::Mat& aligned, const Homography& toPrevious) const {
    if (options.smoothing <= 0 || last.empty())
        return;
    cv::Mat before;
    last.convertTo(before, CV_32F, double(highest - lowest) / 65535.0, double(lowest));
    before = carried(before, toPrevious, 1e6);
    constexpr float tolerance = 0.02f;
    for (int y = 0; y < aligned.rows; ++y) {
        float* now = aligned.ptr<float>(y);
        const float* then = before.ptr<float>(y);
        for (int x = 0; x < aligned.cols; ++x) {
            const float difference = then[x] - now[x];
            const float ratio = difference / tolerance;
            if (std::abs(ratio) < 3)
                now[x] += options.smoothing * difference / (1 + ratio * ratio);
        }
    }
}

DepthAligner::DepthAligner(Size frame, DepthAlignerOptions options)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->frame = frame;
    m_impl->options = options;
    m_impl->work = reducedSize(frame, options.workSide);
}

DepthAligner::DepthAligner(DepthAligner&&) noexcept = default;
DepthAligner& DepthAligner::operator=(DepthAligner&&) noexcept = default;
DepthAligner::~DepthAligner() = default;

float DepthAligner::lastScale() const { return float(m_impl->line.scale); }
float DepthAligner::lastShift() const { return float(m_impl->line.shift); }

Result<ImageU16> DepthAligner::add(const ImageF& inverseDepth, const ImageU8& moving,
                                   const CameraStep& step) {
    auto& d = *m_impl;
    if (inverseDepth.empty() || inverseDepth.size() != d.frame || inverseDepth.channels() != 1 ||
        (!moving.empty() && (moving.size() != d.frame || moving.channels() != 1)))
        return Error{ErrorCode::ShapeMismatch,
                     "The depth aligner was given a depth map or mask of another size."};
    const cv::Size workSize(d.work.width, d.work.height);
    cv::Mat depth = view(inverseDepth).clone();
    cv::patchNaNs(depth, 0);
    depth.setTo(0, cv::abs(depth) > 1e30);
    cv::Mat reduced, mask = cv::Mat::zeros(workSize, CV_8U);
    cv::resize(depth, reduced, workSize, 0, 0, cv::INTER_AREA);
    if (!moving.empty()) {
        cv::resize(view(moving), mask, workSize, 0, 0, cv::INTER_AREA);
        mask = mask > 40;
        cv::dilate(mask, mask, cv::Mat(), {-1, -1}, 3);
    }
    const bool fresh = d.reference.empty() || step.isCut;
    if (fresh)
        d.startShot(reduced, mask);
    else
        d.alignTo(reduced, mask, step.toPrevious);
    const cv::Mat alignedSmall = reduced * d.line.scale + d.line.shift;
    d.remember(alignedSmall, mask);

    cv::Mat aligned = depth * d.line.scale + d.line.shift;
    if (!fresh)
        d.smooth(aligned, step.toPrevious);
    aligned.convertTo(d.last, CV_16U, 65535.0 / double(highest - lowest),
                      -65535.0 * double(lowest) / double(highest - lowest));
    ImageU16 result(d.frame.width, d.frame.height, 1);
    cv::Mat out = view(result);
    d.last.copyTo(out);
    return result;
}

ArrayMap DepthAligner::saveState() const {
    return {{"reference", packMat(m_impl->reference)},
            {"weight", packMat(m_impl->weight)},
            {"last", packMat(m_impl->last)},
            {"line", packDoubles({m_impl->line.scale, m_impl->line.shift})}};
}

Status DepthAligner::restoreState(const ArrayMap& state) {
    auto next = std::make_unique<Impl>();
    next->frame = m_impl->frame;
    next->options = m_impl->options;
    next->work = m_impl->work;
    const cv::Size work(next->work.width, next->work.height);
    STRATA_ASSIGN(next->reference, unpackMat(state, "reference", CV_32F, work));
    STRATA_ASSIGN(next->weight, unpackMat(state, "weight", CV_32F, work));
    STRATA_ASSIGN(next->last,
                  unpackMat(state, "last", CV_16U, {next->frame.width, next->frame.height}));
    STRATA_ASSIGN(const auto line, unpackDoubles(state, "line", 2));
    if (next->reference.empty() != next->last.empty() ||
        next->reference.empty() != next->weight.empty())
        return Error{ErrorCode::BadFormat, "The saved state of the depth aligner is incomplete."};
    next->line = {line[0], line[1]};
    m_impl = std::move(next);
    return ok();
}

} // namespace strata
