// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/pose_region.h"

#include "engine/perception/pose_estimator.h"

#include <opencv2/imgproc.hpp>

#include <cmath>
#include <numbers>

namespace strata {
namespace {

constexpr float kMargin = 1.25f;

float wrapped(float angle) {
    constexpr float turn = 2 * std::numbers::pi_v<float>;
    return angle - turn * std::floor((angle + std::numbers::pi_v<float>) / turn);
}

} // namespace

PoseRegion regionAround(glm::vec2 midHip, glm::vec2 onCircle) {
    const glm::vec2 up = onCircle - midHip;
    PoseRegion region;
    region.center = midHip;
    region.side = 2 * std::hypot(up.x, up.y) * kMargin;
    region.angle = wrapped(std::numbers::pi_v<float> / 2 - std::atan2(-up.y, up.x));
    return region;
}

cv::Matx23d regionToFrame(const PoseRegion& region, int side) {
    const double scale = double(region.side) / side;
    const double c = std::cos(double(region.angle)) * scale;
    const double s = std::sin(double(region.angle)) * scale;
    const double middle = side / 2.0 - 0.5;
    return {c, -s, region.center.x - 0.5 - c * middle + s * middle,
            s, c,  region.center.y - 0.5 - s * middle - c * middle};
}

std::vector<float> cutRegion(const ImageU8& rgb, const PoseRegion& region, int side, float low,
                             float high) {
    const cv::Mat frame(rgb.height(), rgb.width(), CV_8UC3, const_cast<std::uint8_t*>(rgb.data()));
    cv::Mat crop;
    cv::warpAffine(frame, crop, regionToFrame(region, side), cv::Size(side, side),
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT);
    std::vector<float> values(std::size_t(side) * side * 3);
    const float scale = (high - low) / 255.f;
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = low + scale * float(crop.data[i]);
    return values;
}

ImageF regionMaskToFrame(const ImageF& mask, const PoseRegion& region, Size frame) {
    ImageF result(frame.width, frame.height, 1);
    if (mask.empty() || result.empty() || mask.width() != mask.height() || !(region.side > 0))
        return result;
    const cv::Mat source(mask.height(), mask.width(), CV_32FC1, const_cast<float*>(mask.data()));
    cv::Mat target(frame.height, frame.width, CV_32FC1, result.data());
    cv::warpAffine(source, target, regionToFrame(region, mask.width()), target.size(),
                   cv::INTER_LINEAR, cv::BORDER_CONSTANT, 0);
    return result;
}

} // namespace strata
