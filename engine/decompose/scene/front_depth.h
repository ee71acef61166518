// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

namespace strata {

/// Depth compared with the person's own.
struct FrontDepth {
    cv::Mat nearer; // float: how much nearer than the person beside it, as a share of the frame's
                    // depth range
    cv::Mat near;   // 255 where a thing, not the ground, is nearer than the person by the margin
};

/// How much nearer every pixel is than a plane through the person, as a share of the frame's depth
/// range. A person who stands is close to a plane; raised limbs and things in front are ahead of
/// it. Empty without depth.
cv::Mat aheadOfPerson(const LayerView& view);

/// `strange` 255 where a pixel of the matte does not look like the person: not used as the person's
/// depth. Without depth or without a person both pictures are empty.
FrontDepth compareDepth(const LayerView& view, const cv::Mat& strange, const LayerOptions& options);

} // namespace strata
