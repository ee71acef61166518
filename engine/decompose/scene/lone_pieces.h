// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

namespace strata {

/// Pieces of the matte, each of at least `leastArea` pixels, that stand clear of the expected body:
/// a ball in the air that the matting took along. 255 there. Pieces at `inFront` (255) are the
/// person's, cut off by what is in front. None where the body does not fit.
cv::Mat lonePieces(const LayerView& view, const cv::Mat& inFront, double leastArea);

} // namespace strata
