// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "engine/core/result.h"
#include "engine/formats/array.h"

#include <map>
#include <string>

namespace strata {

using TensorMap = std::map<std::string, torch::Tensor>;

/// The array as a tensor on the CPU that shares its bytes and keeps their owner alive; it may lie
/// in a read-only memory map, so it must not be written to. Copied where that cannot be: bytes that
/// are not aligned, and unsigned types wider than 8 bits, which LibTorch lacks (16 bits become
/// int32, more become int64). Text is refused.
Result<torch::Tensor> toTensor(const Array& array, const std::string& name = "array");

/// Every array that is not text.
Result<TensorMap> toTensors(const ArrayMap& arrays);

/// The tensor's values as an array of its own, in C order.
Result<Array> toArray(const torch::Tensor& tensor);

} // namespace strata
