// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/level_paths.h"

#include <opencv2/core.hpp>

#include <vector>

namespace strata {

/// The depth of what another frame shows, and how it compares to that of a region of the target.
struct DepthView {
    static constexpr int cell = 16; // pixels

    cv::Mat level;   // float, that frame's levels; NaN where not known
    cv::Rect region; // where `level` lies in that frame
    /// [target's level], one float per cell of the target's region: the level that a place of that
    /// nearness has in the other frame.
    std::vector<cv::Mat> expected;
    cv::Mat base, step; // float pairs of the target's region, as in SweepFrame
};

/// Adds to the cost of each level what the depths of other frames say where `wanted` (255): a level
/// is likely where those frames see a surface, unlikely where they look through, and behind a
/// surface that several see.
void addSupport(LevelCosts& costs, const std::vector<float>& levels,
                const std::vector<DepthView>& views, const cv::Mat& wanted);

} // namespace strata
