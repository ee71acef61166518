// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace strata {

/// The connected pieces of an 8-bit mask with at least so many pixels: 255 there.
std::vector<cv::Mat> piecesOf(const cv::Mat& mask, double least = 0);

/// The middle one of the float values where the mask is set; 0 where it is nowhere.
double medianInside(const cv::Mat& values, const cv::Mat& mask);

/// Share of an object's lead over the person (the middle of its depths) that all of it has: what
/// touches it in the picture and has less is another object, behind it.
inline constexpr double ownLead = 0.35;

} // namespace strata
