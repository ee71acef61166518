// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <opencv2/core.hpp>

namespace strata {

/// Corners of a picture with their descriptions, away from people.
struct FrameFeatures {
    std::vector<cv::Point2f> points;
    cv::Mat descriptors;
};

/// `gray` [H, W]; nothing is taken where `free` (same size) is zero.
FrameFeatures featuresOf(const cv::Mat& gray, const cv::Mat& free);

/// The homography that takes points of `from` to `to`, or nothing when too few corners agree on
/// one.
std::optional<cv::Matx33d> homographyBetween(const FrameFeatures& from, const FrameFeatures& to);

} // namespace strata
