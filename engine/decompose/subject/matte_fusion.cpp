// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/matte_fusion.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <vector>

namespace strata {
namespace {

/// Log odds of probabilities, at most `limit` in size.
cv::Mat logOdds(const cv::Mat& probability, float limit) {
    cv::Mat p = cv::max(cv::min(probability, 0.99), 0.01), q, a, b;
    q = 1.0 - p;
    cv::log(p, a);
    cv::log(q, b);
    return cv::max(cv::min(a - b, limit), -limit);
}

/// From the difference to the scene: equal colours speak against the person, but a shadow or a
/// light may make scene differ, so that a difference speaks less strongly for one.
cv::Mat plateOdds(const cv::Mat& difference, const cv::Mat& known) {
    constexpr float kUndecided = 14.f, kScale = 5.f;
    cv::Mat odds = (difference - kUndecided) / kScale;
    odds = cv::max(cv::min(odds, 4.0), -4.0);
    return odds.mul(known);
}

} // namespace

cv::Mat depthOdds(const cv::Mat& depth, const cv::Mat& core) {
    std::vector<float> inside;
    for (int y = 0; y < depth.rows; ++y)
        for (int x = 0; x < depth.cols; ++x)
            if (core.at<std::uint8_t>(y, x))
                inside.push_back(depth.at<float>(y, x));
    if (inside.size() < 64)
        return {};
    const auto quantile = [&](std::size_t part) {
        const auto at = inside.begin() + std::ptrdiff_t((inside.size() - 1) * part / 100);
        std::nth_element(inside.begin(), at, inside.end());
        return double(*at);
    };
    double low = 0, high = 0;
    cv::minMaxLoc(depth, &low, &high);
    // An arm reaches back farther than the core; the floor before the feet is left to the other
    // sources.
    const double farthest = quantile(5),
                 reach = 0.5 * (quantile(95) - farthest) + 0.04 * (high - low);
    const cv::Mat behind = (farthest - depth) / std::max(reach, 1e-6);
    return -1.5 * cv::max(cv::min(behind - 1.0, 1.0), 0.0);
}

cv::Mat fuse(const MatteEvidence& evidence) {
    cv::Mat sum = logOdds(evidence.network, 1.4f);
    if (!evidence.body.empty())
        sum += 1.2 * logOdds(evidence.body, 1.8f);
    if (!evidence.prior.empty())
        sum += evidence.priorTrust * 0.5 * logOdds(evidence.prior, 2.2f);
    if (!evidence.color.empty())
        sum += 0.8 * evidence.color;
    if (!evidence.difference.empty())
        sum += plateOdds(evidence.difference, evidence.known);
    if (!evidence.nearness.empty())
        sum += evidence.nearness;
    return sum;
}

void keepPerson(cv::Mat& probability, const cv::Mat& seed, int largestHole) {
    const cv::Mat inside = probability > 0.5;
    cv::Mat labels, stats, centers;
    const int count = cv::connectedComponentsWithStats(inside, labels, stats, centers, 8, CV_32S);
    std::vector<int> seeded(count, 0);
    for (int y = 0; y < labels.rows; ++y)
        for (int x = 0; x < labels.cols; ++x)
            if (seed.at<std::uint8_t>(y, x))
                ++seeded[labels.at<int>(y, x)];
    if (count > 1 && std::all_of(seeded.begin() + 1, seeded.end(), [](int n) { return n == 0; })) {
        int largest = 1; // nothing is known of the place: the largest part
        for (int label = 2; label < count; ++label)
            if (stats.at<int>(label, cv::CC_STAT_AREA) > stats.at<int>(largest, cv::CC_STAT_AREA))
                largest = label;
        seeded[largest] = stats.at<int>(largest, cv::CC_STAT_AREA);
    }
    for (int y = 0; y < labels.rows; ++y)
        for (int x = 0; x < labels.cols; ++x)
            if (const int label = labels.at<int>(y, x);
                label > 0 && seeded[label] * 50 < stats.at<int>(label, cv::CC_STAT_AREA))
                probability.at<float>(y, x) = std::min(probability.at<float>(y, x), 0.1f);
    const cv::Mat outside = probability <= 0.5;
    const int holes = cv::connectedComponentsWithStats(outside, labels, stats, centers, 4, CV_32S);
    for (int y = 0; y < labels.rows && holes > 1; ++y)
        for (int x = 0; x < labels.cols; ++x)
            if (const int label = labels.at<int>(y, x);
                label > 0 && stats.at<int>(label, cv::CC_STAT_AREA) < largestHole)
                probability.at<float>(y, x) = std::max(probability.at<float>(y, x), 0.9f);
}

} // namespace strata
