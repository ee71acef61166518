// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/homography.h"
#include "engine/decompose/scene/parallax_model.h"
#include "engine/decompose/scene/scene_reader.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace strata {

/// Another frame, as seen from a target.
struct ReferenceFrame {
    std::int64_t index = -1;
    PlateFrame frame;
    cv::Mat gray;
    Homography map; // target -> this frame
};

/// Follows points of the target's background that lie in the region, first to the frames close by,
/// from one to the next: points at different depths drift apart, and are only found again in short
/// steps. What is known then about the scene says where to look for them in the frames further
/// away. The references come from near to far in time. The model is empty when too few points were
/// followed.
void followPoints(std::int64_t index, const SceneView& target, cv::Rect region,
                  const std::vector<ReferenceFrame>& references, PointTracks& tracks,
                  ParallaxModel& model);

/// Nothing outside.
bool isSet(const cv::Mat& mask, cv::Point2f p);

cv::Mat grayOf(const cv::Mat& rgb);

/// What has to be added to the colours of other frame k to have the target's light.
cv::Scalar lightChange(const cv::Mat& target, const cv::Mat& other, const PointTracks& tracks,
                       std::size_t k, const Homography& map);

} // namespace strata
