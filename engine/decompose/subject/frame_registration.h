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

/// The homography that takes most points of `from` to `to`, from the strongest corners only;
/// nothing when too few agree on one.
std::optional<cv::Matx33d> roughMotion(const FrameFeatures& from, const FrameFeatures& to);

/// Motions that take points of `from` to `to`: first the homography of the scene, then those of
/// things that are nearer and shift by parallax, each from the corners that the ones before do not
/// explain. Corners are looked for around where `guess` puts them. Empty when too few agree.
std::vector<cv::Matx33d> motionsBetween(const FrameFeatures& from, const FrameFeatures& to,
                                        const cv::Matx33d& guess);

} // namespace strata
