// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// Smooths `values` (CV_32F) so that they follow the edges of the colour picture `rgb` (CV_8UC3,
/// same size): guided filter (He et al. 2013) with a colour guide. `radius` in pixels; `epsilon` is
/// the variance (colours 0..1) below which a difference is no edge.
cv::Mat guidedFilter(const cv::Mat& rgb, const cv::Mat& values, int radius, float epsilon);

} // namespace strata
