// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/perception/detections.h"

#include <opencv2/core.hpp>

#include <vector>

namespace strata {

/// The region of a body with this mid hip and this point on the circle round it: MediaPipe's rule,
/// the circle's diameter and a quarter more, turned so that the point comes to lie above the hip.
PoseRegion regionAround(glm::vec2 midHip, glm::vec2 onCircle);

/// Pixels of a square picture of `side` pixels cut out of `region`, to pixels of the frame (as
/// warpAffine with WARP_INVERSE_MAP takes it; pixel centres at whole numbers).
cv::Matx23d regionToFrame(const PoseRegion& region, int side);

/// The region cut out of the frame, [side, side, 3], values from `low` (black) to `high` (white);
/// black outside the frame.
std::vector<float> cutRegion(const ImageU8& rgb, const PoseRegion& region, int side, float low,
                             float high);

} // namespace strata
