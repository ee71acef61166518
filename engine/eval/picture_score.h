// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/eval/plate_metrics.h"

namespace strata {

/// How pictures came back, together: PSNR of the mean squared error and the mean of the pictures'
/// own, mean structural similarity.
class PictureScore {
public:
    /// ShapeMismatch as structuralSimilarity() has it.
    Status add(const ImageU8& picture, const ImageU8& truth);

    PictureScore& operator+=(const PictureScore& other);

    int pictures() const { return m_pictures; }
    double psnr() const { return m_error.psnr(); }
    double meanPsnr() const { return m_pictures > 0 ? m_psnr / m_pictures : 0; }
    double similarity() const { return m_pictures > 0 ? m_similarity / m_pictures : 0; }

private:
    SquaredError m_error;
    double m_psnr = 0, m_similarity = 0; // sums
    int m_pictures = 0;
};

} // namespace strata
