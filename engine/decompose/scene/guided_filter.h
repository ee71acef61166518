// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// Makes the edge of a mask follow the edges of the picture (He et al., "Guided Image Filtering",
/// with the gray picture as guide). mask: 8-bit; rgb: 8-bit, same size; the result is 8-bit.
/// `radius` in pixels.
cv::Mat guidedMask(const cv::Mat& mask, const cv::Mat& rgb, int radius, double epsilon);

} // namespace strata
