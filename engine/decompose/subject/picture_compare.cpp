// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/picture_compare.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace strata {

cv::Mat opticalFlow(const cv::Mat& from, const cv::Mat& to) {
    cv::Mat flow;
    cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_FAST)->calc(from, to, flow);
    return flow;
}

cv::Mat samplingMap(const cv::Mat& flow) {
    cv::Mat map = flow.clone();
    for (int y = 0; y < map.rows; ++y)
        for (int x = 0; x < map.cols; ++x)
            map.at<cv::Vec2f>(y, x) += cv::Vec2f(float(x), float(y));
    return map;
}

cv::Mat colorDistance(const cv::Mat& picture, const cv::Mat& other) {
    cv::Mat low, high, over, under;
    const cv::Mat window = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
    cv::erode(other, low, window);
    cv::dilate(other, high, window);
    cv::subtract(picture, high, over);
    cv::subtract(low, picture, under);
    cv::Mat distance = over + under; // saturating; one of the two is zero
    cv::Mat sum;
    cv::transform(distance, sum, cv::Matx13f(1, 1, 1));
    sum.convertTo(sum, CV_32F);
    return sum;
}

} // namespace strata
