// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/tflite/tflite_operators.h"

#include <optional>

namespace strata::nn {

/// Where a sliding window starts and how far the picture is padded for it, along one axis.
struct WindowAxis {
    std::int64_t kernel = 1, stride = 1, dilation = 1;
    std::int64_t before = 0, after = 0; // padding
    std::int64_t out = 0;               // positions
};

/// tflite's SAME padding puts the odd pixel after, so it is not always symmetric.
WindowAxis windowAxis(std::int64_t in, std::int64_t kernel, std::int64_t stride,
                      std::int64_t dilation, TflitePadding padding);

struct Window {
    WindowAxis rows, columns;
    bool symmetric() const { return rows.before == rows.after && columns.before == columns.after; }
    bool padded() const { return rows.before + rows.after + columns.before + columns.after > 0; }
};

/// x [N, C, H, W] with the window's padding filled with `value`.
torch::Tensor padFor(const torch::Tensor& x, const Window& window, double value);

torch::Tensor activated(torch::Tensor x, TfliteActivation activation); // in place

/// Kernels of the operators that slide a window; see makeTfliteKernel.
Result<TfliteKernel> makeConvolution(const TfliteOperands& operands, bool depthwise,
                                     std::int64_t limit);
Result<TfliteKernel> makeTransposedConvolution(const TfliteOperands& operands, std::int64_t limit);
Result<TfliteKernel> makePooling(const TfliteOperands& operands, bool average, std::int64_t limit);

/// A malformed operator.
Error malformed(const std::string& what);

} // namespace strata::nn
