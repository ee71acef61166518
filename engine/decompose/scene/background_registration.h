// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/homography.h"

#include <opencv2/core.hpp>

#include <vector>

namespace strata {

/// One picture of the background: gray, and where it may be looked at (255).
struct BackgroundView {
    cv::Mat gray;
    cv::Mat trackable;
};

/// What following points from one view to another gave.
struct Registration {
    Homography map; // from -> to
    int inliers = 0;
    float inlierShare = 0;   // of the points that could be followed
    float followedShare = 0; // of all points: low when the two views do not show the same place
    bool found = false;
    std::vector<cv::Point2f> from, to; // the pairs it was found from
};

/// How many of the pairs `map` brings closer than `distance` pixels to where they were seen.
int explainedBy(const Registration& registration, const Homography& map, double distance);

/// Corners of the background, spread over the picture.
std::vector<cv::Point2f> backgroundPoints(const BackgroundView& view, int maxPoints);

/// Follows `points` of `from` into `to`, starting where `guess` puts them, and fits a map to them
/// that outliers do not disturb: projective with many points, less free with few.
Registration registerBackground(const BackgroundView& from, const BackgroundView& to,
                                const std::vector<cv::Point2f>& points, const Homography& guess);

} // namespace strata
