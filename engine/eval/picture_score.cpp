// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/picture_score.h"

#include "engine/eval/similarity.h"

namespace strata {

Status PictureScore::add(const ImageU8& picture, const ImageU8& truth) {
    const ImageU8 everywhere(truth.width(), truth.height(), 1, 255);
    STRATA_ASSIGN(const SquaredError error, errorInside(picture, truth, everywhere));
    STRATA_ASSIGN(const double similarity, structuralSimilarity(picture, truth));
    m_error += error;
    m_psnr += error.psnr();
    m_similarity += similarity;
    ++m_pictures;
    return ok();
}

PictureScore& PictureScore::operator+=(const PictureScore& other) {
    m_error += other.m_error;
    m_psnr += other.m_psnr;
    m_similarity += other.m_similarity;
    m_pictures += other.m_pictures;
    return *this;
}

} // namespace strata
