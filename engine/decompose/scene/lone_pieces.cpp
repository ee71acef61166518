// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/lone_pieces.h"

#include "engine/decompose/scene/disc.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double clearance = 0.015; // of the body's height: how far the fitted body may be off
constexpr double mostTaken = 0.02;  // of a piece's area: where a hand comes near

} // namespace

cv::Mat lonePieces(const LayerView& view, const cv::Mat& inFront, double leastArea) {
    cv::Mat result = cv::Mat::zeros(view.human.size(), CV_8U);
    if (!view.bodyFits || view.box.empty())
        return result;
    const int reach = std::max(2, int(std::lround(clearance * view.box.height)));
    cv::Mat taken; // where a piece is the person's
    cv::dilate(view.body | inFront, taken, disc(reach));
    cv::Mat labels, stats, centres;
    const int n = cv::connectedComponentsWithStats(view.human > 127, labels, stats, centres);
    for (int i = 1; i < n; ++i) {
        if (stats.at<int>(i, cv::CC_STAT_AREA) < leastArea)
            continue;
        const cv::Mat piece = labels == i;
        if (cv::countNonZero(piece & taken) <= mostTaken * stats.at<int>(i, cv::CC_STAT_AREA))
            result |= piece;
    }
    return result;
}

} // namespace strata
