// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/mask_pieces.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {

std::vector<cv::Mat> piecesOf(const cv::Mat& mask, double least) {
    cv::Mat labels, stats, centres;
    const int n = cv::connectedComponentsWithStats(mask, labels, stats, centres);
    std::vector<cv::Mat> pieces;
    for (int i = 1; i < n; ++i)
        if (stats.at<int>(i, cv::CC_STAT_AREA) >= least)
            pieces.push_back(labels == i);
    return pieces;
}

double medianInside(const cv::Mat& values, const cv::Mat& mask) {
    std::vector<float> inside;
    for (int y = 0; y < values.rows; ++y)
        for (int x = 0; x < values.cols; ++x)
            if (mask.at<std::uint8_t>(y, x))
                inside.push_back(values.at<float>(y, x));
    if (inside.empty())
        return 0;
    const auto middle = inside.begin() + std::ptrdiff_t(inside.size() / 2);
    std::nth_element(inside.begin(), middle, inside.end());
    return double(*middle);
}

} // namespace strata
