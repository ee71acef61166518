// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <torch/types.h>

namespace strata {

/// A copy: u8 [H, W, C].
torch::Tensor bytesOf(const ImageU8& image);
/// u8 [H, W, C] on the CPU.
ImageU8 imageOf(const torch::Tensor& bytes);

} // namespace strata
