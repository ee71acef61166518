// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <torch/types.h>

namespace strata {

/// A copy: u8 [H, W, C].
torch::Tensor bytesOf(const ImageU8& image);
/// u8 [H, W, C] on the CPU.
ImageU8 imageOf(const torch::Tensor& bytes);

/// u8 [N, H, W, C] -> [N, C, H, W] of that type and device, in -1..1 or 0..1
torch::Tensor planesOf(const torch::Tensor& bytes, const torch::TensorOptions& options,
                       bool signedRange = true);

} // namespace strata
