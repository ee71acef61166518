// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace strata {

/// Splits a picture in two with the least cost: `odds` (CV_32F, log odds of inside) is what pixels
/// prefer alone; neighbours want to be on the same side, the more so the more alike their colours
/// in `rgb` (CV_8UC3) are. `coupling` is the price of a border between equal pixels. CV_8U, 255 =
/// inside.
cv::Mat graphCut(const cv::Mat& rgb, const cv::Mat& odds, float coupling);

} // namespace strata
