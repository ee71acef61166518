// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <cstdint>

namespace strata {

/// A mean that goes on over frames.
struct RunningMean {
    double sum = 0;
    std::int64_t samples = 0;

    RunningMean& operator+=(const RunningMean& other);
    double mean() const { return samples > 0 ? sum / double(samples) : 0; }
};

/// Flicker: how far a frame is from the mean of its two neighbours, |before - 2 frame + after| / 2
/// in levels of 8 bits, over the pixels with mask above 127. Steady motion of smooth things adds
/// little to it, so it is compared with the truth's own. All of one size.
Result<RunningMean> flickerInside(const ImageU8& before, const ImageU8& frame, const ImageU8& after,
                                  const ImageU8& mask);

/// Where the pixels of a frame are in the next one.
struct PixelMotion {
    ImageF way;    // [H, W, 2] pixels to the right and down
    ImageU8 known; // [H, W, 1] above 127 where `way` is known and both ends are seen
};

/// Warping error (Lai and others 2018): squared difference, of values 0..1, of each pixel and the
/// place in the next frame that it goes to, read between pixels linearly. Over pixels whose motion
/// is known and does not leave the picture. All of one size.
Result<RunningMean> warpingError(const ImageU8& frame, const ImageU8& next,
                                 const PixelMotion& motion);

} // namespace strata
