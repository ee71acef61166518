// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/front_depth.h"

#include "engine/decompose/scene/near_objects.h"
#include "engine/decompose/scene/smooth_fill.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
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
    const double range = depthRange(view.depth);
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

cv::Mat nearerThanPerson(const LayerView& view, const cv::Mat& strange) {
    cv::Mat person = view.human > 200;
    person.setTo(0, strange);
    cv::erode(person, person, cv::Mat(), {-1, -1}, 2);
    if (view.depth.empty() || view.box.empty() || cv::countNonZero(person) < 30)
        return {};
    cv::Mat weight;
    person.convertTo(weight, CV_32F, 1.0 / 255);
    const double height = view.box.height;
    const cv::Mat own = smoothFill(view.depth, weight, std::max(1.0, 0.04 * height), 0.25 * height);
    return (view.depth - own) / depthRange(view.depth);
}

} // namespace strata
