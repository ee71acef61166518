// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/background_look.h"

#include "engine/decompose/scene/cv_view.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int unknown = 255;
constexpr int leastDifference = 14; // of Lab levels

int distance(const cv::Vec3b& a, const cv::Vec3b& b) {
    // Lightness counts half: shadows are not things.
    return std::abs(a[0] - b[0]) / 2 + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
}

cv::Mat warped(const cv::Mat& image, const Homography& map, int interpolation, int border) {
    if (map.isIdentity())
        return image;
    cv::Mat result;
    cv::warpPerspective(image, result, toCv(map), image.size(),
                        interpolation | cv::WARP_INVERSE_MAP, border, cv::Scalar::all(0));
    return result;
}

} // namespace

void BackgroundLook::add(const LayerView& view, const Homography& toView) {
    cv::Mat people = (view.human > 20) | (view.others > 20), valid;
    cv::dilate(people, people, cv::Mat(), {-1, -1}, 3);
    valid = people == 0;
    m_samples.push_back(warped(view.lab, toView, cv::INTER_LINEAR, cv::BORDER_REPLICATE).clone());
    m_valid.push_back((warped(valid, toView, cv::INTER_LINEAR, cv::BORDER_CONSTANT) > 250));
}

void BackgroundLook::finish() {
    if (m_samples.empty())
        return;
    m_median = cv::Mat::zeros(m_samples[0].size(), CV_8UC3);
    m_spread = cv::Mat(m_samples[0].size(), CV_8U, cv::Scalar(unknown));
    std::vector<cv::Vec3b> seen;
    std::vector<int> values;
    for (int y = 0; y < m_median.rows; ++y)
        for (int x = 0; x < m_median.cols; ++x) {
            seen.clear();
            for (std::size_t i = 0; i < m_samples.size(); ++i)
                if (m_valid[i].at<std::uint8_t>(y, x))
                    seen.push_back(m_samples[i].at<cv::Vec3b>(y, x));
            if (seen.size() < 2)
                continue;
            const auto middle = std::ptrdiff_t(seen.size() / 2);
            auto& median = m_median.at<cv::Vec3b>(y, x);
            const auto medianOf = [&](auto&& value) {
                values.clear();
                for (const auto& sample : seen)
                    values.push_back(value(sample));
                std::nth_element(values.begin(), values.begin() + middle, values.end());
                return values[std::size_t(middle)];
            };
            for (int c = 0; c < 3; ++c)
                median[c] = std::uint8_t(medianOf([c](const cv::Vec3b& v) { return int(v[c]); }));
            const int spread = medianOf([&](const cv::Vec3b& v) { return distance(v, median); });
            m_spread.at<std::uint8_t>(y, x) = std::uint8_t(std::min(spread, unknown - 1));
        }
    m_samples.clear();
    m_valid.clear();
}

cv::Mat BackgroundLook::explains(const LayerView& view, const Homography& toHome) const {
    cv::Mat result(view.lab.size(), CV_8U, cv::Scalar(128));
    if (m_median.empty())
        return result;
    const cv::Mat median = warped(m_median, toHome, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::Mat spread = m_spread;
    if (!toHome.isIdentity())
        cv::warpPerspective(m_spread, spread, toCv(toHome), m_spread.size(),
                            cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT,
                            cv::Scalar(unknown));
    for (int y = 0; y < result.rows; ++y)
        for (int x = 0; x < result.cols; ++x) {
            const int varies = spread.at<std::uint8_t>(y, x);
            if (varies == unknown)
                continue;
            const int apart = distance(view.lab.at<cv::Vec3b>(y, x), median.at<cv::Vec3b>(y, x));
            result.at<std::uint8_t>(y, x) = apart < leastDifference + 3 * varies ? 255 : 0;
        }
    return result;
}

} // namespace strata
