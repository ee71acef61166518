// SPDX-License-Identifier: Apache-2.0
#pragma once

/// In front of functions that also run on a GPU. They must give the same there: no contraction of
/// products and sums, and only operations that IEEE 754 rounds correctly.
#if defined(__CUDACC__)
#define STRATA_HOST_DEVICE __host__ __device__
#else
#define STRATA_HOST_DEVICE
#endif
