// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <opencv2/core.hpp>

namespace strata {

// Both change the alphas of a person and of what is in front, each [H, W] with values 0..255.

/// Gives each pixel that person and thing both claim to one of them: to the thing where it lies
/// across the person, to the person at the rims, where neither edge is exactly in its place and
/// where the depth's soft edge has let the thing swell.
void shareBetween(cv::Mat person, cv::Mat thing, const ImageU8& rgb);

/// A piece of the matte that a small thing cuts off from the person, where no body is, is the rest
/// of the thing: the far side of a ball that the matte holds as a whole. `body`: 255 on the whole
/// expected body.
void giveScraps(cv::Mat person, cv::Mat thing, const cv::Mat& body);

} // namespace strata
