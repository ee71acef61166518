// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/frame_registration.h"

#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>

namespace strata {
namespace {

constexpr int kMostFeatures = 700;
constexpr int kLeastInliers = 24;
constexpr double kReprojection = 2.0; // pixels

} // namespace

FrameFeatures featuresOf(const cv::Mat& gray, const cv::Mat& free) {
    const auto orb =
        cv::ORB::create(kMostFeatures, 1.3F, 4, 15, 0, 2, cv::ORB::HARRIS_SCORE, 21, 10);
    std::vector<cv::KeyPoint> corners;
    FrameFeatures features;
    orb->detectAndCompute(gray, free, corners, features.descriptors);
    cv::KeyPoint::convert(corners, features.points);
    return features;
}

std::optional<cv::Matx33d> homographyBetween(const FrameFeatures& from, const FrameFeatures& to) {
    if (int(from.points.size()) < kLeastInliers || int(to.points.size()) < kLeastInliers)
        return {};
    std::vector<cv::DMatch> matches;
    cv::BFMatcher(cv::NORM_HAMMING, true).match(from.descriptors, to.descriptors, matches);
    std::vector<cv::Point2f> a, b;
    for (const cv::DMatch& match : matches)
        if (match.distance < 64) {
            a.push_back(from.points[match.queryIdx]);
            b.push_back(to.points[match.trainIdx]);
        }
    if (int(a.size()) < kLeastInliers)
        return {};
    cv::setRNGSeed(1); // the same frames give the same answer, whatever was computed before
    cv::Mat inliers;
    const cv::Mat found = cv::findHomography(a, b, cv::RANSAC, kReprojection, inliers, 1000, 0.995);
    if (found.empty() || cv::countNonZero(inliers) < kLeastInliers)
        return {};
    return cv::Matx33d(found);
}

} // namespace strata
