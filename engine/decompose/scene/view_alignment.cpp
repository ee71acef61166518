// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/view_alignment.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/smooth_fill.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int flowReduction = 2;
constexpr int lightReduction = 8;
constexpr double mostFlow = 0.03;       // of the region's longer side
constexpr float mostLightChange = 40.f; // grey levels; more is another thing, not another light

cv::Mat reducedGray(const cv::Mat& rgb) {
    cv::Mat gray, reduced;
    cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
    cv::resize(gray, reduced, {}, 1.0 / flowReduction, 1.0 / flowReduction, cv::INTER_AREA);
    return reduced;
}

/// Where each pixel of the region lies in the source.
cv::Mat sourcePositions(cv::Rect region, const Homography& toSource, const cv::Mat& flow) {
    cv::Mat positions(region.size(), CV_32FC2);
    for (int y = 0; y < region.height; ++y) {
        auto* row = positions.ptr<cv::Vec2f>(y);
        const auto* shift = flow.empty() ? nullptr : flow.ptr<cv::Vec2f>(y);
        for (int x = 0; x < region.width; ++x) {
            const cv::Vec2f s = shift ? shift[x] : cv::Vec2f(0, 0);
            const auto p =
                toSource.apply({region.x + x + double(s[0]), region.y + y + double(s[1])});
            row[x] = {float(p.x), float(p.y)};
        }
    }
    return positions;
}

SceneView sampled(const SceneView& source, const cv::Mat& positions, int interpolation) {
    SceneView result;
    cv::remap(source.rgb, result.rgb, positions, {}, interpolation, cv::BORDER_REPLICATE);
    cv::remap(source.valid, result.valid, positions, {}, cv::INTER_LINEAR, cv::BORDER_CONSTANT, {});
    result.valid = result.valid > 250;
    return result;
}

} // namespace

ViewAligner::ViewAligner(const SceneView& target, cv::Rect region)
    : m_region(region)
    , m_rgb(target.rgb(region))
    , m_valid(target.valid(region))
    , m_gray(reducedGray(m_rgb)) {}

cv::Mat ViewAligner::flowTo(const cv::Mat& warped, const cv::Mat& both) const {
    const cv::Mat gray = reducedGray(warped);
    if (std::min(gray.cols, gray.rows) < 24)
        return {};
    cv::Mat flow, weight;
    // Without variational refinement the flow is as good here, because it is smoothed anyway.
    const auto dis = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_FAST);
    dis->setVariationalRefinementIterations(0);
    dis->calc(m_gray, gray, flow);
    cv::resize(both, weight, flow.size(), 0, 0, cv::INTER_AREA);
    cv::Mat sure = weight > 250;
    cv::erode(sure, sure, cv::Mat(), {-1, -1}, 4);
    sure.convertTo(weight, CV_32F, 1.0 / 255);
    const double limit = mostFlow * std::max(m_region.width, m_region.height) / flowReduction;
    for (int y = 0; y < flow.rows; ++y)
        for (int x = 0; x < flow.cols; ++x)
            if (cv::norm(flow.at<cv::Vec2f>(y, x)) > limit)
                weight.at<float>(y, x) = 0;
    if (cv::countNonZero(weight) < 200)
        return {};
    cv::Mat smooth = smoothFill(flow, weight, 6, 40), full;
    cv::resize(smooth, full, m_region.size(), 0, 0, cv::INTER_LINEAR);
    return full * double(flowReduction);
}

void ViewAligner::matchLight(SceneView& view) const {
    const cv::Mat both = m_valid & view.valid;
    cv::Mat share, a, b;
    const double scale = 1.0 / lightReduction;
    cv::Mat masked = cv::Mat::zeros(m_rgb.size(), CV_8UC3), other = masked.clone();
    m_rgb.copyTo(masked, both);
    view.rgb.copyTo(other, both);
    const cv::Size small(std::max(1, int(m_rgb.cols * scale)),
                         std::max(1, int(m_rgb.rows * scale)));
    cv::resize(masked, a, small, 0, 0, cv::INTER_AREA);
    cv::resize(other, b, small, 0, 0, cv::INTER_AREA);
    cv::resize(both, share, small, 0, 0, cv::INTER_AREA);
    cv::Mat difference(small, CV_32FC3, cv::Scalar::all(0)), weight(small, CV_32F, cv::Scalar(0));
    for (int y = 0; y < small.height; ++y)
        for (int x = 0; x < small.width; ++x) {
            const float known = float(share.at<std::uint8_t>(y, x)) / 255.f;
            if (known < 0.3f)
                continue;
            cv::Vec3f d;
            for (int c = 0; c < 3; ++c)
                d[c] = float(a.at<cv::Vec3b>(y, x)[c] - b.at<cv::Vec3b>(y, x)[c]) / known;
            const float size = std::max({std::abs(d[0]), std::abs(d[1]), std::abs(d[2])});
            const float trust = std::max(0.f, 1 - size / mostLightChange);
            difference.at<cv::Vec3f>(y, x) = d;
            weight.at<float>(y, x) = known * trust * trust;
        }
    if (cv::countNonZero(weight) < 4)
        return;
    cv::Mat light, sum;
    cv::resize(smoothFill(difference, weight, 2, 16), light, m_rgb.size(), 0, 0, cv::INTER_LINEAR);
    cv::add(view.rgb, light, sum, cv::noArray(), CV_8U);
    view.rgb = sum;
}

SceneView ViewAligner::aligned(const SceneView& source, const Homography& toSource) const {
    SceneView result;
    if (toSource.isIdentity()) {
        result = {source.rgb(m_region).clone(), source.valid(m_region).clone()};
    } else {
        const auto first =
            sampled(source, sourcePositions(m_region, toSource, {}), cv::INTER_LINEAR);
        const cv::Mat flow = flowTo(first.rgb, m_valid & first.valid);
        result = sampled(source, sourcePositions(m_region, toSource, flow), cv::INTER_CUBIC);
    }
    matchLight(result);
    return result;
}

} // namespace strata
