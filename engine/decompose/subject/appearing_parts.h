// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <opencv2/core.hpp>

namespace strata {

/// Parts of a person that come out from behind something, a foot beside a wall: pieces of the
/// matte `next` that `afterNext` has too, and that lie apart from all of `now` (CV_8U, one size).
/// Masks, 255 on the part. With the order of frames turned round, parts that go.
std::vector<cv::Mat> appearingParts(const cv::Mat& now, const cv::Mat& next,
                                    const cv::Mat& afterNext);

/// One frame (CV_8UC3) and a person's matte in it (CV_8U, the same size).
struct MattedFrame {
    cv::Mat rgb, alpha;
};

/// Where a part that `next` shows is already seen in `now`: its colours around its place, where
/// `before` shows something else (both CV_8UC3). A matte, CV_8U.
cv::Mat alreadySeen(const cv::Mat& part, const cv::Mat& before, const cv::Mat& now,
                    const MattedFrame& next);

} // namespace strata
