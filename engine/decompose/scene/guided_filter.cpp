// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/guided_filter.h"

#include <opencv2/imgproc.hpp>

namespace strata {
namespace {

cv::Mat mean(const cv::Mat& image, int radius) {
    cv::Mat result;
    const int side = 2 * radius + 1;
    cv::boxFilter(image, result, CV_32F, {side, side}, {-1, -1}, true, cv::BORDER_REPLICATE);
    return result;
}

} // namespace

cv::Mat guidedMask(const cv::Mat& mask, const cv::Mat& rgb, int radius, double epsilon) {
    cv::Mat gray, guide, value;
    cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
    gray.convertTo(guide, CV_32F, 1.0 / 255);
    mask.convertTo(value, CV_32F, 1.0 / 255);
    const cv::Mat meanGuide = mean(guide, radius);
    const cv::Mat meanValue = mean(value, radius);
    const cv::Mat covariance = mean(guide.mul(value), radius) - meanGuide.mul(meanValue);
    const cv::Mat variance = mean(guide.mul(guide), radius) - meanGuide.mul(meanGuide);
    cv::Mat slope;
    cv::divide(covariance, variance + epsilon, slope);
    const cv::Mat offset = meanValue - slope.mul(meanGuide);
    const cv::Mat filtered = mean(slope, radius).mul(guide) + mean(offset, radius);
    cv::Mat result;
    // A little steeper than the filter gives: full inside, nothing outside.
    filtered.convertTo(result, CV_8U, 255 * 1.3, -255 * 0.15);
    return result;
}

} // namespace strata
