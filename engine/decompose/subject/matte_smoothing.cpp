// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/matte_smoothing.h"

#include "engine/decompose/subject/appearing_parts.h"
#include "engine/decompose/subject/cv_view.h"
#include "engine/decompose/subject/picture_compare.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

namespace strata {
namespace {

constexpr float kAgreement =
    14.f; // levels of luma: the scale on which carried pixels stop to count
constexpr float kOwnWeight = 1.6f; // of the frame itself against a neighbour that agrees fully
constexpr int kMostRadius = 4;

struct Picture {
    std::int64_t index = 0;
    cv::Mat gray; // reduced
};

/// Sampling map from the frame to its neighbour, at full size, and how far the pictures agree,
/// 0..1.
struct Carry {
    cv::Mat map;    // CV_32FC2
    cv::Mat weight; // CV_32F
};

Carry carry(const cv::Mat& from, const cv::Mat& to, cv::Size size) {
    const cv::Mat flow = opticalFlow(from, to);
    cv::Mat there, error, weight;
    cv::remap(to, there, samplingMap(flow), cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::absdiff(from, there, error);
    error.convertTo(error, CV_32F, 1.0 / kAgreement);
    cv::GaussianBlur(error, error, {5, 5}, 0);
    cv::exp(-error.mul(error), weight);
    Carry out;
    const double sx = double(size.width) / flow.cols, sy = double(size.height) / flow.rows;
    cv::resize(flow, out.map, size);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            auto& v = out.map.at<cv::Vec2f>(y, x);
            v = {float(v[0] * sx) + float(x), float(v[1] * sy) + float(y)};
        }
    cv::resize(weight, out.weight, size);
    return out;
}

/// Weighted median of a few values.
float middle(std::array<std::pair<float, float>, 2 * kMostRadius + 1>& values, int count) {
    std::sort(values.begin(), values.begin() + count);
    float all = 0;
    for (int i = 0; i < count; ++i)
        all += values[i].second;
    float sum = 0;
    for (int i = 0; i < count; ++i)
        if ((sum += values[i].second) >= 0.5f * all)
            return values[i].first;
    return values[count - 1].first;
}

} // namespace

struct MatteSmoothing::Impl {
    ColorSource& color;
    MaskSource& matte;
    MatteSmoothingOptions options;
    std::deque<Picture> kept;

    Result<cv::Mat> gray(std::int64_t index) {
        for (const Picture& picture : kept)
            if (picture.index == index)
                return picture.gray;
        STRATA_ASSIGN(const ColorSource::Frame frame, color.frame(index));
        if (frame->channels() != 3)
            return Error{ErrorCode::ShapeMismatch, "Mattes are steadied along colour frames only."};
        Picture picture{index, {}};
        cv::resize(viewOf(*frame), picture.gray, reducedSize(frame->size(), options.flowSide), 0, 0,
                   cv::INTER_AREA);
        cv::cvtColor(picture.gray, picture.gray, cv::COLOR_RGB2GRAY);
        kept.push_back(picture);
        if (kept.size() > std::size_t(2 * options.radius + 2))
            kept.pop_front();
        return picture.gray;
    }

    /// Parts of the person that come into sight or go, and that only the frames on one side have.
    Status addParts(std::int64_t index, const ImageU8& own, ImageU8& target) {
        for (const std::int64_t step : {1, -1}) {
            const std::int64_t before = index - step, next = index + step, last = next + step;
            const auto count = matte.frameCount();
            if (std::min(before, last) < 0 || std::max(before, last) >= count)
                continue;
            STRATA_ASSIGN(const MaskSource::Frame nextMatte, matte.frame(next));
            STRATA_ASSIGN(const MaskSource::Frame lastMatte, matte.frame(last));
            const auto parts = appearingParts(viewOf(own), viewOf(*nextMatte), viewOf(*lastMatte));
            if (parts.empty())
                continue;
            STRATA_ASSIGN(const ColorSource::Frame beforeRgb, color.frame(before));
            STRATA_ASSIGN(const ColorSource::Frame rgb, color.frame(index));
            STRATA_ASSIGN(const ColorSource::Frame nextRgb, color.frame(next));
            for (const cv::Mat& part : parts) {
                cv::Mat alpha = viewOf(target);
                cv::max(alpha,
                        alreadySeen(part, viewOf(*beforeRgb), viewOf(*rgb),
                                    {viewOf(*nextRgb), viewOf(*nextMatte)}),
                        alpha);
            }
        }
        return ok();
    }

    /// Only there can smoothing change anything: the mattes of all frames that are looked at, with
    /// room for motion.
    static cv::Rect area(const std::vector<MaskSource::Frame>& mattes) {
        cv::Rect all;
        for (const MaskSource::Frame& matte : mattes)
            all |= cv::boundingRect(viewOf(*matte));
        const int margin = 8;
        const Size size = mattes.front()->size();
        if (all.empty())
            return all;
        return cv::Rect(all.x - margin, all.y - margin, all.width + 2 * margin,
                        all.height + 2 * margin) &
               cv::Rect(0, 0, size.width, size.height);
    }
};

MatteSmoothing::MatteSmoothing(ColorSource& color, MaskSource& matte, MatteSmoothingOptions options)
    : m_impl(std::make_unique<Impl>(Impl{color, matte, options, {}})) {
    m_impl->options.radius = std::clamp(options.radius, 0, kMostRadius);
}
MatteSmoothing::MatteSmoothing(MatteSmoothing&&) noexcept = default;
MatteSmoothing::~MatteSmoothing() = default;

Result<ImageU8> MatteSmoothing::frame(std::int64_t index) {
    Impl& d = *m_impl;
    STRATA_ASSIGN(const MaskSource::Frame own, d.matte.frame(index));
    if (own->channels() != 1)
        return Error{ErrorCode::ShapeMismatch, "A matte has one channel."};
    std::vector<MaskSource::Frame> mattes{own};
    std::vector<std::int64_t> others;
    for (int step = 1; step <= d.options.radius; ++step)
        for (const std::int64_t other : {index - step, index + step})
            if (other >= 0 && other < d.matte.frameCount()) {
                STRATA_ASSIGN(const MaskSource::Frame matte, d.matte.frame(other));
                if (matte->size() != own->size() || matte->channels() != 1)
                    return Error{ErrorCode::ShapeMismatch,
                                 "The mattes of the clip are not all of one size."};
                mattes.push_back(matte);
                others.push_back(other);
            }
    const cv::Rect area = Impl::area(mattes);
    if (area.empty() || others.empty())
        return *own;
    STRATA_ASSIGN(const cv::Mat gray, d.gray(index));
    const cv::Size size(own->width(), own->height());
    std::vector<cv::Mat> carried, weights;
    for (std::size_t i = 0; i < others.size(); ++i) {
        STRATA_ASSIGN(const cv::Mat there, d.gray(others[i]));
        const Carry way = carry(gray, there, size);
        cv::Mat alpha;
        cv::remap(viewOf(*mattes[i + 1]), alpha, way.map(area), cv::noArray(), cv::INTER_LINEAR,
                  cv::BORDER_CONSTANT, 0);
        carried.push_back(alpha);
        weights.push_back(way.weight(area));
    }
    ImageU8 out = *own;
    cv::Mat target = viewOf(out)(area);
    std::array<std::pair<float, float>, 2 * kMostRadius + 1> values;
    for (int y = 0; y < area.height; ++y)
        for (int x = 0; x < area.width; ++x) {
            auto& alpha = target.at<std::uint8_t>(y, x);
            int count = 0;
            values[count++] = {float(alpha), kOwnWeight};
            for (std::size_t i = 0; i < carried.size(); ++i)
                values[count++] = {float(carried[i].at<std::uint8_t>(y, x)),
                                   weights[i].at<float>(y, x)};
            alpha = std::uint8_t(middle(values, count) + 0.5f);
        }
    STRATA_TRY(d.addParts(index, *own, out));
    return out;
}

} // namespace strata
