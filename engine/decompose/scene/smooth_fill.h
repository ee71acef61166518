// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// Smooths float values (1 to 4 channels) that are known where `weight` (float, 1 channel) is above
/// 0, and carries them on into what is unknown: close to known values with the fine sigma, far from
/// them with the coarse one, and their mean where nothing is near. Sigmas in pixels.
cv::Mat smoothFill(const cv::Mat& values, const cv::Mat& weight, double fineSigma,
                   double coarseSigma);

} // namespace strata
