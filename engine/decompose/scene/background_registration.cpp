// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/background_registration.h"

#include "engine/decompose/scene/cv_view.h"

#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double outlierDistance = 1.5; // pixels
constexpr double closeDistance = 0.5;   // pixels: what counts when maps are compared
constexpr double stiffnessShare = 0.94;
constexpr int fewestInliers = 10;
constexpr int pointsForProjective = 40;

struct Pairs {
    std::vector<cv::Point2f> from, to;
};

bool mayLookAt(const cv::Mat& trackable, cv::Point2f p) {
    const int x = int(std::lround(p.x));
    const int y = int(std::lround(p.y));
    return x >= 0 && y >= 0 && x < trackable.cols && y < trackable.rows &&
           trackable.at<std::uint8_t>(y, x) != 0;
}

/// Pairs that come back to where they started when followed there and back.
Pairs follow(const BackgroundView& from, const BackgroundView& to,
             const std::vector<cv::Point2f>& points, const Homography& guess) {
    std::vector<cv::Point2f> there, back = points;
    for (const auto& p : points) {
        const auto q = guess.apply({p.x, p.y});
        there.emplace_back(float(q.x), float(q.y));
    }
    const cv::Size window(15, 15);
    const cv::TermCriteria enough(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 20, 0.01);
    std::vector<std::uint8_t> foundThere, foundBack;
    std::vector<float> error;
    cv::calcOpticalFlowPyrLK(from.gray, to.gray, points, there, foundThere, error, window, 4,
                             enough, cv::OPTFLOW_USE_INITIAL_FLOW);
    cv::calcOpticalFlowPyrLK(to.gray, from.gray, there, back, foundBack, error, window, 4, enough,
                             cv::OPTFLOW_USE_INITIAL_FLOW);
    Pairs pairs;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!foundThere[i] || !foundBack[i] || cv::norm(back[i] - points[i]) > 0.7 ||
            !mayLookAt(to.trackable, there[i]))
            continue;
        pairs.from.push_back(points[i]);
        pairs.to.push_back(there[i]);
    }
    return pairs;
}

int inliersOf(const Pairs& pairs, const Homography& map, double distance,
              std::vector<std::uint8_t>& inlier) {
    int count = 0;
    inlier.assign(pairs.from.size(), 0);
    for (std::size_t i = 0; i < pairs.from.size(); ++i) {
        const auto p = map.apply({pairs.from[i].x, pairs.from[i].y});
        inlier[i] = std::hypot(p.x - pairs.to[i].x, p.y - pairs.to[i].y) < distance;
        count += inlier[i];
    }
    return count;
}

Homography medianTranslation(const Pairs& pairs) {
    std::vector<double> dx, dy;
    for (std::size_t i = 0; i < pairs.from.size(); ++i) {
        dx.push_back(pairs.to[i].x - pairs.from[i].x);
        dy.push_back(pairs.to[i].y - pairs.from[i].y);
    }
    const auto middle = std::ptrdiff_t(dx.size() / 2);
    std::nth_element(dx.begin(), dx.begin() + middle, dx.end());
    std::nth_element(dy.begin(), dy.begin() + middle, dy.end());
    return {{1, 0, dx[std::size_t(middle)], 0, 1, dy[std::size_t(middle)], 0, 0, 1}};
}

/// Candidates from the stiffest to the freest: standing still, shifted, turned and zoomed,
/// projective.
std::vector<Homography> candidateMaps(const Pairs& pairs) {
    std::vector<Homography> maps{Homography{}, medianTranslation(pairs)};
    std::vector<std::uint8_t> inlier;
    const cv::Mat similar = cv::estimateAffinePartial2D(pairs.from, pairs.to, inlier, cv::RANSAC,
                                                        outlierDistance, 2000, 0.999);
    if (!similar.empty()) {
        const auto* a = similar.ptr<double>(0);
        const auto* b = similar.ptr<double>(1);
        maps.push_back({{a[0], a[1], a[2], b[0], b[1], b[2], 0, 0, 1}});
    }
    if (pairs.from.size() >= pointsForProjective) {
        const cv::Mat map = cv::findHomography(pairs.from, pairs.to, cv::RANSAC, outlierDistance,
                                               inlier, 2000, 0.999);
        if (!map.empty() && std::abs(map.at<double>(2, 2)) > 1e-9)
            maps.push_back(fromCv(cv::Matx33d(map.ptr<double>())));
    }
    return maps;
}

/// The stiffest map that explains nearly as many pairs as the best one: where the background has
/// little texture, a freer map would follow the noise and sway far away from the points.
Homography fitMap(const Pairs& pairs, std::vector<std::uint8_t>& inlier) {
    const auto maps = candidateMaps(pairs);
    std::vector<int> close;
    for (const auto& map : maps)
        close.push_back(inliersOf(pairs, map, closeDistance, inlier));
    const int best = *std::max_element(close.begin(), close.end());
    std::size_t chosen = 0;
    while (close[chosen] < stiffnessShare * best)
        ++chosen;
    inliersOf(pairs, maps[chosen], outlierDistance, inlier);
    return maps[chosen];
}

} // namespace

std::vector<cv::Point2f> backgroundPoints(const BackgroundView& view, int maxPoints) {
    std::vector<cv::Point2f> points;
    const double spacing = std::sqrt(double(view.gray.total()) / (2.5 * maxPoints));
    cv::goodFeaturesToTrack(view.gray, points, maxPoints, 0.003, std::max(3.0, spacing),
                            view.trackable, 5);
    return points;
}

int explainedBy(const Registration& registration, const Homography& map, double distance) {
    std::vector<std::uint8_t> inlier;
    return inliersOf({registration.from, registration.to}, map, distance, inlier);
}

Registration registerBackground(const BackgroundView& from, const BackgroundView& to,
                                const std::vector<cv::Point2f>& points, const Homography& guess) {
    Registration result;
    if (points.size() < fewestInliers)
        return result;
    const auto pairs = follow(from, to, points, guess);
    result.followedShare = float(pairs.from.size()) / float(points.size());
    if (pairs.from.size() < fewestInliers)
        return result;
    std::vector<std::uint8_t> inlier;
    result.map = fitMap(pairs, inlier);
    result.inliers = cv::countNonZero(inlier);
    result.inlierShare = float(result.inliers) / float(pairs.from.size());
    if (result.inliers < fewestInliers)
        return result;
    const Size size{from.gray.cols, from.gray.rows};
    const double area =
        std::abs(result.map.m[0] * result.map.m[4] - result.map.m[1] * result.map.m[3]);
    result.from = pairs.from;
    result.to = pairs.to;
    result.found = result.inlierShare >= 0.3f && area > 0.3 && area < 3.3 &&
                   largestShift(result.map, size) < 1.5 * std::max(size.width, size.height) &&
                   result.map.inverse().has_value();
    return result;
}

} // namespace strata
