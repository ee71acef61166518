// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/front_depth.h"

#include "engine/decompose/scene/smooth_fill.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr float leastStepShare = 0.25f; // of a thing's outline that must be a step in depth

float depthRange(const cv::Mat& depth) {
    std::vector<float> values;
    for (int y = 0; y < depth.rows; y += 3)
        for (int x = 0; x < depth.cols; x += 3)
            values.push_back(depth.at<float>(y, x));
    const auto at = [&](double share) {
        const auto place = values.begin() + std::ptrdiff_t(double(values.size() - 1) * share);
        std::nth_element(values.begin(), place, values.end());
        return *place;
    };
    const float low = at(0.02);
    return std::max(at(0.98) - low, 1e-4f);
}

/// Share of the component's outline across which the depth falls by half the margin or more. The
/// ground rises out of the picture without such a step, a thing that stands on it does not.
float stepShare(const cv::Mat& component, const cv::Mat& nearer, float margin) {
    const int reach = std::max(2, component.cols / 160);
    cv::Mat lowest, highest, outline, inner;
    const cv::Mat around = cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U);
    cv::erode(nearer, lowest, around);
    cv::dilate(nearer, highest, around);
    cv::erode(component, inner, cv::Mat(), {-1, -1}, 1, cv::BORDER_REPLICATE);
    outline = component & ~inner;
    int steps = 0, all = 0;
    for (int y = 1; y + 1 < component.rows; ++y)
        for (int x = 1; x + 1 < component.cols; ++x) {
            if (!outline.at<std::uint8_t>(y, x))
                continue;
            ++all;
            const float now = nearer.at<float>(y, x);
            const float fall = now - lowest.at<float>(y, x);
            const float rise = highest.at<float>(y, x) - now; // as large as the fall on a slope
            steps += fall - rise > 0.5f * margin;
        }
    return all ? float(steps) / float(all) : 0.f;
}

} // namespace

cv::Mat aheadOfPerson(const LayerView& view) {
    if (view.depth.empty() || view.box.empty())
        return {};
    cv::Mat person = view.human > 200;
    cv::erode(person, person, cv::Mat(), {-1, -1}, 2);
    struct Sample {
        double x, y, depth;
    };
    std::vector<Sample> samples;
    for (int y = view.box.y; y < view.box.br().y; y += 2)
        for (int x = view.box.x; x < view.box.br().x; x += 2)
            if (person.at<std::uint8_t>(y, x))
                samples.push_back({double(x), double(y), double(view.depth.at<float>(y, x))});
    if (samples.size() < 40)
        return {};
    const double range = double(depthRange(view.depth));
    cv::Vec3d plane;
    for (int round = 0; round < 8; ++round) {
        cv::Matx33d squares = cv::Matx33d::eye() * 1e-6;
        cv::Vec3d sums;
        for (const auto& s : samples) {
            const cv::Vec3d at(1, (s.x - view.box.x) / 100, (s.y - view.box.y) / 100);
            const double r = (s.depth - plane.dot(at)) / range / 0.03;
            const double weight = round == 0 ? 1 : 1 / (1 + r * r);
            squares += weight * (at * at.t());
            sums += weight * s.depth * at;
        }
        plane = squares.solve(sums, cv::DECOMP_CHOLESKY);
    }
    cv::Mat result(view.depth.size(), CV_32F);
    for (int y = 0; y < result.rows; ++y)
        for (int x = 0; x < result.cols; ++x) {
            const cv::Vec3d at(1, (x - view.box.x) / 100.0, (y - view.box.y) / 100.0);
            result.at<float>(y, x) =
                float((double(view.depth.at<float>(y, x)) - plane.dot(at)) / range);
        }
    return result;
}

FrontDepth compareDepth(const LayerView& view, const cv::Mat& strange,
                        const LayerOptions& options) {
    FrontDepth result;
    cv::Mat person = view.human > 200;
    person.setTo(0, strange);
    cv::erode(person, person, cv::Mat(), {-1, -1}, 2);
    if (view.depth.empty() || view.box.empty() || cv::countNonZero(person) < 30)
        return result;
    cv::Mat weight;
    person.convertTo(weight, CV_32F, 1.0 / 255);
    const double height = view.box.height;
    const cv::Mat own = smoothFill(view.depth, weight, std::max(1.0, 0.04 * height), 0.25 * height);
    result.nearer = (view.depth - own) / double(depthRange(view.depth));

    cv::Mat candidates = result.nearer > double(options.nearMargin);
    candidates &= view.zone;
    candidates.setTo(0, view.human > 100);
    cv::morphologyEx(candidates, candidates, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
    result.near = cv::Mat::zeros(candidates.size(), CV_8U);
    cv::Mat labels, stats, centres;
    const int n = cv::connectedComponentsWithStats(candidates, labels, stats, centres);
    const double least = double(options.minAreaShare) * cv::countNonZero(view.body | person);
    for (int i = 1; i < n; ++i) {
        if (stats.at<int>(i, cv::CC_STAT_AREA) < least)
            continue;
        const cv::Mat component = labels == i;
        if (stepShare(component, result.nearer, options.nearMargin) > leastStepShare)
            result.near |= component;
    }
    return result;
}

} // namespace strata
