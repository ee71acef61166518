// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

namespace strata {

/// How much nearer every pixel is than a plane through the person, as a share of the frame's depth
/// range. A person who stands is close to a plane; raised limbs and things in front are ahead of
/// it. Empty without depth.
cv::Mat aheadOfPerson(const LayerView& view);

/// How much nearer every pixel is than the person beside it, as a share of the frame's depth range.
/// `strange` 255 where a pixel of the matte does not look like the person: not used as the person's
/// depth. Empty without depth or without a person.
cv::Mat nearerThanPerson(const LayerView& view, const cv::Mat& strange);

} // namespace strata
