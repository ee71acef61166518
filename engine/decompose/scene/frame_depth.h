// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/level_support.h"
#include "engine/decompose/scene/point_following.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace strata {

/// The depth of the background that a frame shows, by its own model of the scene.
struct FrameDepth {
    struct Seen {
        std::int64_t index;
        Homography map; // this frame -> that one
    };

    std::int64_t index = -1;
    cv::Rect region;           // where depth was looked for
    cv::Mat level;             // float, of the region; NaN where not known; empty: nowhere
    std::vector<float> levels; // of nearness
    ParallaxModel model;
    std::vector<Seen> frames; // those that the model is about
};

/// Looks for depth in a frame, in the region. The references come from near to far in time.
FrameDepth findDepth(const ReferenceFrame& own, cv::Rect region, std::vector<float> levels,
                     const PointTracks& tracks, ParallaxModel model,
                     const std::vector<ReferenceFrame>& references);

/// How the depth of references[other] compares to the levels of the target's region. `base` and
/// `step` say where the region lies in that frame.
DepthView depthView(const FrameDepth& depth, std::size_t other, cv::Rect region,
                    const std::vector<float>& levels, const ParallaxModel& model,
                    const std::vector<ReferenceFrame>& references, cv::Mat base, cv::Mat step);

} // namespace strata
