// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/tflite.h"

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace strata::nn {

using Shape = std::vector<std::int64_t>;

/// Tensors of rank 4 lie in files as [N, H, W, C]; between operators they are [N, C, H, W] over the
/// same (channels-last) memory. Other ranks are the same in both.
torch::Tensor fromFileLayout(const torch::Tensor& t);
torch::Tensor toFileLayout(const torch::Tensor& t);

/// One operator ready to run: inputs in the operator's order; constants that it has swallowed come
/// undefined.
using TfliteKernel = std::function<torch::Tensor(const std::vector<torch::Tensor>& inputs)>;

/// What an operator is built from. Shapes are those of the file.
struct TfliteOperands {
    const TfliteOptions& options;
    std::vector<Shape> inputs;
    std::vector<torch::Tensor>
        constants; // file layout, float or int64; undefined for computed inputs
    Shape output;
};

/// `limit`: most elements that an operator may write, its padded input included.
Result<TfliteKernel> makeTfliteKernel(TfliteOp op, const TfliteOperands& operands,
                                      std::int64_t limit);

/// Product of the extents, or -1 where one is negative or the product goes above `limit`.
std::int64_t boundedCount(const Shape& shape, std::int64_t limit);

} // namespace strata::nn
