// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// How far each place of `from` moves to `to` (CV_8U, one size): CV_32FC2, pixels.
cv::Mat opticalFlow(const cv::Mat& from, const cv::Mat& to);

/// The places that a flow leads to, as cv::remap takes them.
cv::Mat samplingMap(const cv::Mat& flow);

/// How far each pixel of `picture` is from the range of colours that `other` has around it
/// (CV_8UC3, one size): the sum over the channels, CV_32F, in levels.
cv::Mat colorDistance(const cv::Mat& picture, const cv::Mat& other);

} // namespace strata
