// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"

#include <cstdint>
#include <vector>

namespace strata {

/// The whole number nearest to `value`, halves to the even one, as the published system rounds
/// rates.
std::int64_t roundHalfEven(Rational value);

/// Which frames of a clip with `frameCount` frames at `source` a second stand for it at `target` a
/// second: frame floor(j * round(source) / target) for j = 0, 1, ... while j * ratio < frameCount,
/// in double precision like the published system (MIMO). Frames repeat when the rate rises. Empty
/// for rates below one.
std::vector<std::int64_t> resampledFrames(std::int64_t frameCount, Rational source, int target);

} // namespace strata
