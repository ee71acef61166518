// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

namespace strata {

/// Structural similarity of two pictures with levels of 8 bits, as Wang and others defined it
/// (2004): Gaussian windows of 11 x 11 pixels with a deviation of 1.5, K1 = 0.01, K2 = 0.03; the
/// mean over all windows that lie inside and over the channels. 1 for equal pictures.
/// ShapeMismatch for pictures of different shapes or sides below 11.
Result<double> structuralSimilarity(const ImageU8& a, const ImageU8& b);

/// The same at five scales (Wang, Simoncelli and Bovik 2003): contrast and structure at each scale,
/// light at the coarsest, to the powers 0.0448, 0.2856, 0.3001, 0.2363 and 0.1333; each scale is
/// the mean of 2 x 2 pixels of the one before. 1 for equal pictures. ShapeMismatch for pictures of
/// different shapes or sides below 176.
Result<double> multiScaleSimilarity(const ImageU8& a, const ImageU8& b);

} // namespace strata
