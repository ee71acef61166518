// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"

#include <cstdint>
#include <vector>

namespace strata {

/// The published system takes no more frames than this from a template.
constexpr std::int64_t kReleaseFrameLimit = 150;

/// The frames of a stream of `count` frames that give `targetFps` frames a second: the nearest
/// earlier one each, so frames are left out or repeated. `streamFps` is rounded to a whole number
/// first, half to even. Empty when a rate is not positive or every frame would come over 1000
/// times.
std::vector<std::int64_t> framesAtRate(std::int64_t count, double streamFps, double targetFps);

/// time_crop of a template, whose indices count frames at 30 a second, as a range of `count` frames
/// at `fps`. Not limited in length.
FrameRange croppedRange(std::int64_t startIndex, std::int64_t endIndex, double fps,
                        std::int64_t count);

} // namespace strata
