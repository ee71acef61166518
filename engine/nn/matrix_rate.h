// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

namespace strata::nn {

/// Single-precision products of two 1024 x 1024 matrices with the networks' number of threads, in
/// 1e9 floating point operations per second. Best of a few runs.
struct MatrixRate {
    double blas = 0;   // through the BLAS that LibTorch is linked with
    double oneDnn = 0; // as the networks do it, see product()
    int threads = 1;

    double best() const { return blas > oneDnn ? blas : oneDnn; }
};

/// Takes about half a second, a few seconds with a slow BLAS.
Result<MatrixRate> measureMatrixRate();

} // namespace strata::nn
