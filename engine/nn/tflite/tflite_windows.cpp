// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/tflite/tflite_windows.h"

#include "engine/nn/layers/products.h"

#include <algorithm>
#include <limits>

namespace strata::nn {
namespace {

using torch::Tensor;

Result<Window> windowOf(const TfliteOperands& o, std::size_t image, std::int64_t kernelRows,
                        std::int64_t kernelColumns, std::int64_t limit) {
    const auto& in = o.inputs[image];
    if (in.size() != 4 || o.output.size() != 4)
        return malformed("a sliding window over something that is not a picture");
    const auto& p = o.options;
    const Window window{
        windowAxis(in[1], kernelRows, p.strideHeight, p.dilationHeight, p.padding),
        windowAxis(in[2], kernelColumns, p.strideWidth, p.dilationWidth, p.padding)};
    const Shape padded{in[0], in[1] + window.rows.before + window.rows.after,
                       in[2] + window.columns.before + window.columns.after, in[3]};
    if (boundedCount(padded, limit) < 0)
        return malformed("a window that needs too much padding");
    if (window.rows.out != o.output[1] || window.columns.out != o.output[2] ||
        window.rows.out <= 0 || window.columns.out <= 0 || o.output[0] != in[0])
        return malformed("a sliding window whose result has another size than the file says");
    return window;
}

// Bias of `channels` values, or undefined when the operator has none.
Result<Tensor> biasOf(const TfliteOperands& o, std::size_t at, std::int64_t channels) {
    if (o.inputs.size() <= at || o.inputs[at].empty())
        return Tensor();
    const auto& bias = o.constants[at];
    if (!bias.defined() || bias.numel() != channels)
        return malformed("a bias that is not a constant with one value per channel");
    return bias.reshape({channels}).contiguous();
}

} // namespace

Error malformed(const std::string& what) {
    return {ErrorCode::BadFormat, "The graph has " + what + "."};
}

WindowAxis windowAxis(std::int64_t in, std::int64_t kernel, std::int64_t stride,
                      std::int64_t dilation, TflitePadding padding) {
    WindowAxis axis{kernel, stride, dilation, 0, 0, 0};
    const std::int64_t reach = (kernel - 1) * dilation + 1;
    if (padding == TflitePadding::Valid) {
        axis.out = in < reach ? 0 : (in - reach) / stride + 1;
        return axis;
    }
    axis.out = (in + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>((axis.out - 1) * stride + reach - in, 0);
    axis.before = total / 2;
    axis.after = total - axis.before;
    return axis;
}

Tensor padFor(const Tensor& x, const Window& w, double value) {
    return at::constant_pad_nd(x, {w.columns.before, w.columns.after, w.rows.before, w.rows.after},
                               value);
}

Tensor activated(Tensor x, TfliteActivation activation) {
    switch (activation) {
    case TfliteActivation::None:
        break;
    case TfliteActivation::Relu:
        x.relu_();
        break;
    case TfliteActivation::ReluN1To1:
        x.clamp_(-1, 1);
        break;
    case TfliteActivation::Relu6:
        x.clamp_(0, 6);
        break;
    case TfliteActivation::Tanh:
        x.tanh_();
        break;
    }
    return x;
}

// Inputs: picture [N, H, W, C], weights [O, h, w, C] or depthwise [1, h, w, C * m], bias [O].
Result<TfliteKernel> makeConvolution(const TfliteOperands& o, bool depthwise, std::int64_t limit) {
    if (o.inputs.size() < 2 || !o.constants[1].defined() || o.inputs[1].size() != 4)
        return malformed("a convolution whose weights are not constants of rank 4");
    const auto& in = o.inputs[0];
    const auto& kernel = o.inputs[1];
    STRATA_ASSIGN(const auto window, windowOf(o, 0, kernel[1], kernel[2], limit));
    const std::int64_t channels = in[3], results = depthwise ? kernel[3] : kernel[0];
    const bool fits = depthwise ? channels > 0 && kernel[0] == 1 && results % channels == 0
                                : kernel[3] == channels;
    if (!fits || results != o.output[3])
        return malformed("a convolution whose weights do not fit its picture");
    STRATA_ASSIGN(const auto bias, biasOf(o, 2, results));
    auto weights =
        depthwise ? o.constants[1].permute({3, 0, 1, 2}).contiguous()
                  : o.constants[1].permute({0, 3, 1, 2}).contiguous(at::MemoryFormat::ChannelsLast);
    const auto activation = o.options.activation;
    return TfliteKernel([=](const std::vector<Tensor>& inputs) {
        const bool symmetric = window.symmetric();
        const auto x = symmetric ? inputs[0] : padFor(inputs[0], window, 0);
        const std::vector<std::int64_t> padding{symmetric ? window.rows.before : 0,
                                                symmetric ? window.columns.before : 0};
        return activated(convolution(x, weights, bias, {window.rows.stride, window.columns.stride},
                                     padding, {window.rows.dilation, window.columns.dilation},
                                     depthwise ? channels : 1),
                         activation);
    });
}

// Inputs: shape of the result, weights [O, h, w, C], picture [N, H, W, C], bias [O].
Result<TfliteKernel> makeTransposedConvolution(const TfliteOperands& o, std::int64_t limit) {
    if (o.inputs.size() < 3 || !o.constants[1].defined() || o.inputs[1].size() != 4 ||
        o.inputs[2].size() != 4 || o.output.size() != 4)
        return malformed("a transposed convolution whose weights are not constants of rank 4");
    const auto& in = o.inputs[2];
    const auto& kernel = o.inputs[1];
    // The result, seen as the picture of the convolution that this one is the transpose of.
    const auto& p = o.options;
    const auto rows = windowAxis(o.output[1], kernel[1], p.strideHeight, 1, p.padding);
    const auto columns = windowAxis(o.output[2], kernel[2], p.strideWidth, 1, p.padding);
    const Shape whole{in[0], (in[1] - 1) * rows.stride + kernel[1],
                      (in[2] - 1) * columns.stride + kernel[2], kernel[0]};
    if (rows.out != in[1] || columns.out != in[2] || kernel[3] != in[3] ||
        kernel[0] != o.output[3] || o.output[0] != in[0] || rows.before + o.output[1] > whole[1] ||
        columns.before + o.output[2] > whole[2] || boundedCount(whole, limit) < 0)
        return malformed("a transposed convolution whose parts do not fit together");
    STRATA_ASSIGN(const auto bias, biasOf(o, 3, kernel[0]));
    const auto weights = o.constants[1].permute({3, 0, 1, 2}).contiguous(); // [C, O, h, w]
    const auto activation = p.activation;
    const Shape out = o.output;
    return TfliteKernel([=](const std::vector<Tensor>& inputs) {
        auto y = at::conv_transpose2d(inputs[2], weights, bias, {rows.stride, columns.stride});
        y = y.slice(2, rows.before, rows.before + out[1])
                .slice(3, columns.before, columns.before + out[2]);
        return activated(y.contiguous(at::MemoryFormat::ChannelsLast), activation);
    });
}

Result<TfliteKernel> makePooling(const TfliteOperands& o, bool average, std::int64_t limit) {
    const auto& p = o.options;
    STRATA_ASSIGN(const auto window, windowOf(o, 0, p.filterHeight, p.filterWidth, limit));
    if (o.output[3] != o.inputs[0][3])
        return malformed("a pooling that changes the number of channels");
    const std::vector<std::int64_t> kernel{p.filterHeight, p.filterWidth};
    const std::vector<std::int64_t> stride{p.strideHeight, p.strideWidth};
    const auto activation = p.activation;
    if (!average)
        return TfliteKernel([=](const std::vector<Tensor>& inputs) {
            constexpr double lowest = std::numeric_limits<float>::lowest();
            const auto x = window.padded() ? padFor(inputs[0], window, lowest) : inputs[0];
            return activated(at::max_pool2d(x, kernel, stride), activation);
        });
    Tensor share; // of each window that lies inside the picture: padding does not count in the
                  // mean
    if (window.padded())
        share = at::avg_pool2d(
            padFor(torch::ones({1, 1, o.inputs[0][1], o.inputs[0][2]}), window, 0), kernel, stride);
    return TfliteKernel([=](const std::vector<Tensor>& inputs) {
        if (!share.defined())
            return activated(at::avg_pool2d(inputs[0], kernel, stride), activation);
        return activated(at::avg_pool2d(padFor(inputs[0], window, 0), kernel, stride) / share,
                         activation);
    });
}

} // namespace strata::nn
