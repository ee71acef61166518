// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/job_context.h"

namespace strata {

/// Squared differences of 8-bit pictures, summed over chosen pixels and frames.
struct SquaredError {
    double sum = 0;
    std::int64_t samples = 0; // pixels times channels

    SquaredError& operator+=(const SquaredError& other);
    /// Decibels against 255; 99 for equal pictures, 0 samples give 99 as well.
    double psnr() const;
};

/// Over pixels with mask above 127. All of one size; `picture` and `truth` with the same channels.
Result<SquaredError> errorInside(const ImageU8& picture, const ImageU8& truth, const ImageU8& mask);
/// Over pixels farther than `margin` pixels from every pixel with mask above 127.
Result<SquaredError> errorOutside(const ImageU8& picture, const ImageU8& truth, const ImageU8& mask,
                                  int margin);

struct PlateReport {
    double psnr = 0;      // of the mean squared error over all frames
    double worstPsnr = 0; // of the worst frame that has such pixels
    std::int64_t worstFrame = 0;
    std::int64_t frames = 0; // that have such pixels
};

/// A plate against the true scene, where the removed person (`mask`) was.
Result<PlateReport> scorePlateInside(ColorSource& picture, ColorSource& truth, MaskSource& mask,
                                     const JobContext& context = {});
/// An edited clip against its source, away from the person.
Result<PlateReport> scorePlateOutside(ColorSource& picture, ColorSource& truth, MaskSource& mask,
                                      int margin, const JobContext& context = {});

} // namespace strata
