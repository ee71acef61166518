// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <functional>
#include <vector>

namespace strata {

/// A frame that another one is compared with.
struct StereoFrame {
    cv::Mat rgb;   // whole frame
    cv::Mat valid; // whole frame: 255 where it shows background
    /// Where a pixel of the reference frame lies in this one if it has that nearness.
    std::function<cv::Point2f(cv::Point2f, float)> place;
    bool later = false; // than the reference frame
};

/// What is asked of a search for depth in a frame that shows its background.
struct StereoTask {
    cv::Mat rgb, valid; // the reference frame, whole
    cv::Rect region;    // where depth is wanted
    std::vector<StereoFrame> frames;
    std::vector<float> levels; // of nearness, rising, evenly apart
};

/// The level of each pixel of the region, float with parts of levels; NaN where the frame shows no
/// background or where no level explains the other frames. A pixel may be hidden in the frames
/// before or in those after, but not in both.
cv::Mat stereoLevels(const StereoTask& task);

} // namespace strata
