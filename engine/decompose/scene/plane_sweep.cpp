// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/plane_sweep.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace strata {
namespace {

constexpr std::size_t mostFrames = 16;
constexpr int mostApart = 60;     // grey levels, summed over the channels: more is not worse
constexpr float unknownCost = 14; // where too few frames can disagree
constexpr float switchCost = 10;  // of neighbours that choose differently
constexpr int agreeing = 20;      // grey levels from the median that are averaged

int apart(const cv::Vec3b& a, const cv::Vec3b& b) {
    return std::min(mostApart,
                    std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]));
}

/// Colours of one pixel in the frames that show it.
struct PixelSamples {
    std::array<cv::Vec3b, mostFrames> colors;
    int count = 0;

    cv::Vec3b mean() const {
        cv::Vec3i sum(count / 2, count / 2, count / 2);
        for (int i = 0; i < count; ++i)
            for (int c = 0; c < 3; ++c)
                sum[c] += colors[std::size_t(i)][c];
        return {std::uint8_t(sum[0] / count), std::uint8_t(sum[1] / count),
                std::uint8_t(sum[2] / count)};
    }

    cv::Vec3b median() const {
        cv::Vec3b result;
        std::array<std::uint8_t, mostFrames> values;
        for (int c = 0; c < 3; ++c) {
            for (int i = 0; i < count; ++i)
                values[std::size_t(i)] = colors[std::size_t(i)][c];
            std::sort(values.begin(), values.begin() + count);
            const int low = values[std::size_t((count - 1) / 2)];
            const int high = values[std::size_t(count / 2)];
            result[c] = std::uint8_t((low + high + 1) / 2);
        }
        return result;
    }

    /// Mean of those that look like the median: less grain than the median itself.
    cv::Vec3b settled() const {
        const cv::Vec3b middle = median();
        cv::Vec3i sum(middle[0], middle[1], middle[2]);
        int used = 1;
        for (int i = 0; i < count; ++i) {
            const auto& color = colors[std::size_t(i)];
            if (apart(color, middle) > agreeing * 3)
                continue;
            sum += cv::Vec3i(color[0], color[1], color[2]);
            ++used;
        }
        return {std::uint8_t((sum[0] + used / 2) / used), std::uint8_t((sum[1] + used / 2) / used),
                std::uint8_t((sum[2] + used / 2) / used)};
    }
};

PixelSamples samplesAt(const SweepSamples& all, std::size_t assumption, int x, int y) {
    PixelSamples result;
    const auto& rgb = all.rgb[assumption];
    for (std::size_t k = 0; k < rgb.size() && result.count < int(mostFrames); ++k)
        if (!rgb[k].empty() && all.valid[assumption][k].at<std::uint8_t>(y, x))
            result.colors[std::size_t(result.count++)] = rgb[k].at<cv::Vec3b>(y, x);
    return result;
}

float disagreement(const PixelSamples& pixel, const cv::Vec3b* own) {
    if (pixel.count < (own ? 1 : 2))
        return unknownCost;
    const cv::Vec3b reference = own ? *own : pixel.mean();
    int sum = 0;
    for (int i = 0; i < pixel.count; ++i)
        sum += apart(pixel.colors[std::size_t(i)], reference);
    return float(sum) / float(pixel.count);
}

cv::Mat costOf(const SweepSamples& samples, std::size_t assumption, const cv::Mat& own,
               const cv::Mat& ownValid, const cv::Mat& near) {
    cv::Mat cost = cv::Mat::zeros(own.size(), CV_32F);
    for (int y = 0; y < own.rows; ++y)
        for (int x = 0; x < own.cols; ++x) {
            if (!near.at<std::uint8_t>(y, x))
                continue;
            const bool shown = ownValid.at<std::uint8_t>(y, x) != 0;
            cost.at<float>(y, x) = disagreement(samplesAt(samples, assumption, x, y),
                                                shown ? &own.at<cv::Vec3b>(y, x) : nullptr);
        }
    cv::boxFilter(cost, cost, -1, {5, 5}, {-1, -1}, true, cv::BORDER_REPLICATE);
    cost += samples.prior[assumption];
    return cost;
}

/// Adds to `total` the cheapest way to come to each pixel along one direction.
void addPath(const std::vector<cv::Mat>& costs, std::vector<cv::Mat>& total, int dx, int dy) {
    const int width = costs[0].cols;
    const int height = costs[0].rows;
    const std::size_t n = costs.size();
    std::vector<cv::Mat> path;
    for (std::size_t m = 0; m < n; ++m)
        path.push_back(costs[m].clone());
    const int firstY = dy < 0 ? height - 1 : 0;
    const int firstX = dx < 0 ? width - 1 : 0;
    for (int j = 0; j < height; ++j)
        for (int i = 0; i < width; ++i) {
            const int y = dy < 0 ? firstY - j : j;
            const int x = dx < 0 ? firstX - i : i;
            const int py = y - dy;
            const int px = x - dx;
            if (px < 0 || py < 0 || px >= width || py >= height)
                continue;
            float best = path[0].at<float>(py, px);
            for (std::size_t m = 1; m < n; ++m)
                best = std::min(best, path[m].at<float>(py, px));
            for (std::size_t m = 0; m < n; ++m)
                path[m].at<float>(y, x) += std::min(path[m].at<float>(py, px) - best, switchCost);
        }
    for (std::size_t m = 0; m < n; ++m)
        total[m] += path[m];
}

} // namespace

SweptView sweep(const SweepSamples& samples, const cv::Mat& own, const cv::Mat& ownValid,
                const cv::Mat& wanted) {
    cv::Mat near;
    cv::dilate(wanted, near, cv::Mat::ones(31, 31, CV_8U));
    const std::size_t n = samples.rgb.size();
    std::vector<cv::Mat> costs, total;
    for (std::size_t m = 0; m < n; ++m) {
        costs.push_back(costOf(samples, m, own, ownValid, near));
        total.push_back(cv::Mat::zeros(own.size(), CV_32F));
    }
    for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}})
        addPath(costs, total, dx, dy);
    SweptView result{own.clone(), cv::Mat::zeros(own.size(), CV_8U)};
    for (int y = 0; y < own.rows; ++y)
        for (int x = 0; x < own.cols; ++x) {
            if (!wanted.at<std::uint8_t>(y, x))
                continue;
            std::size_t chosen = 0;
            for (std::size_t m = 1; m < n; ++m)
                if (total[m].at<float>(y, x) < total[chosen].at<float>(y, x))
                    chosen = m;
            const auto pixel = samplesAt(samples, chosen, x, y);
            if (pixel.count == 0)
                continue;
            result.rgb.at<cv::Vec3b>(y, x) = pixel.settled();
            result.count.at<std::uint8_t>(y, x) = std::uint8_t(pixel.count);
        }
    return result;
}

} // namespace strata
