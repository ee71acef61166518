// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers/winograd_kernel.h"

namespace strata::nn {

/// Whether minimal filtering is expected to take less time than oneDNN's direct convolution.
/// Weights are transformed in every call (kept, they would be four times as large as the network),
/// so small pictures are not worth it; how many there are does not matter. Never for channels that
/// are no multiples of 16, nor where it was not measured: for fewer than 128 channels and for
/// processors without AVX2.
bool winogradIsQuicker(const ConvolutionShape& shape, CpuTarget target);

/// Bytes that such a convolution needs besides what it is given and what it gives.
std::int64_t winogradBytes(const ConvolutionShape& shape, int threads);

} // namespace strata::nn
