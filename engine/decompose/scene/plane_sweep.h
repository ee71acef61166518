// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace strata {

/// What other frames show of a region under several assumptions about how it moves.
struct SweepSamples {
    /// [assumption][other frame]: RGB and where it shows background (255); all of the region's
    /// size. Empty when that frame says nothing under that assumption.
    std::vector<std::vector<cv::Mat>> rgb, valid;
    /// [assumption] float, of the region's size: what speaks against it beforehand, in grey levels.
    std::vector<cv::Mat> prior;
};

struct SweptView {
    cv::Mat rgb;   // colours of the chosen assumption, averaged over the frames that agree
    cv::Mat count; // uint8, how many frames showed the pixel: 0 = nothing known
};

/// Chooses for each pixel the assumption under which the other frames agree with each other, and
/// with `own` where that shows background (`ownValid`), and its neighbours agree on it too.
/// Only what is `wanted` (255) is answered.
SweptView sweep(const SweepSamples& samples, const cv::Mat& own, const cv::Mat& ownValid,
                const cv::Mat& wanted);

} // namespace strata
