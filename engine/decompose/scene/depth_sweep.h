// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/level_support.h"

#include <opencv2/core.hpp>

#include <vector>

namespace strata {

/// Another frame, and how a region of the target moves to it: a pixel of nearness n lies at
/// base + n * step.
struct SweepFrame {
    cv::Mat rgb;   // whole frame, in the target's light
    cv::Mat valid; // whole frame: 255 where it shows background
    cv::Mat base;  // float pairs, of the region's size
    cv::Mat step;  // float pairs, of the region's size
};

/// What is asked of a sweep, all mats of the region's size.
struct SweepTask {
    std::vector<SweepFrame> frames; // those worth most first
    std::vector<float> levels;      // of nearness, rising, evenly apart
    /// [level] uint8, any smaller size: what speaks against a level beforehand, in quarters of a
    /// grey level.
    std::vector<cv::Mat> prior;
    std::vector<DepthView> depths; // of other frames, as far as they are known
    cv::Mat own;                   // RGB of the target …
    cv::Mat ownValid;              // … and where that shows background (255)
    cv::Mat wanted;                // 255 where an answer is wanted
};

struct SweptView {
    cv::Mat rgb;   // averaged over the frames that agree, those from close by counting most
    cv::Mat count; // uint8, how many frames showed the pixel: 0 = nothing known
};

/// Finds the nearness of each pixel's background, under which the other frames agree with each
/// other, and with the target where that shows background; neighbours differ rarely, and then a
/// step is cheaper than many. Then fetches the colours from the frames.
SweptView sweep(const SweepTask& task);

} // namespace strata
