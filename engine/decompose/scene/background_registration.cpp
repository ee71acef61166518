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

cv::Mat fitMap(const Pairs& pairs, std::vector<std::uint8_t>& inlier) {
    if (pairs.from.size() >= pointsForProjective) {
        cv::Mat map = cv::findHomography(pairs.from, pairs.to, cv::RANSAC, outlierDistance, inlier,
                                         2000, 0.999);
        if (!map.empty() && cv::countNonZero(inlier) >= pointsForProjective * 2 / 3)
            return map;
    }
    const cv::Mat similar = cv::estimateAffinePartial2D(pairs.from, pairs.to, inlier, cv::RANSAC,
                                                        outlierDistance, 2000, 0.999);
    if (similar.empty())
        return {};
    cv::Mat map = cv::Mat::eye(3, 3, CV_64F);
    similar.copyTo(map.rowRange(0, 2));
    return map;
}

} // namespace

std::vector<cv::Point2f> backgroundPoints(const BackgroundView& view, int maxPoints) {
    std::vector<cv::Point2f> points;
    const double spacing = std::sqrt(double(view.gray.total()) / (2.5 * maxPoints));
    cv::goodFeaturesToTrack(view.gray, points, maxPoints, 0.003, std::max(3.0, spacing),
                            view.trackable, 5);
    return points;
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
    const cv::Mat map = fitMap(pairs, inlier);
    if (map.empty())
        return result;
    std::vector<double> shifts;
    for (std::size_t i = 0; i < inlier.size(); ++i)
        if (inlier[i])
            shifts.push_back(cv::norm(pairs.to[i] - pairs.from[i]));
    result.inliers = int(shifts.size());
    result.inlierShare = float(shifts.size()) / float(pairs.from.size());
    if (result.inliers < fewestInliers)
        return result;
    std::sort(shifts.begin(), shifts.end());
    result.medianShift = shifts[shifts.size() / 2];
    result.highShift = shifts[shifts.size() * 9 / 10];
    result.map = fromCv(cv::Matx33d(map.ptr<double>()));
    const Size size{from.gray.cols, from.gray.rows};
    const double area =
        std::abs(result.map.m[0] * result.map.m[4] - result.map.m[1] * result.map.m[3]);
    result.found = result.inlierShare >= 0.3f && area > 0.3 && area < 3.3 &&
                   largestShift(result.map, size) < 1.5 * std::max(size.width, size.height) &&
                   result.map.inverse().has_value();
    return result;
}

} // namespace strata
