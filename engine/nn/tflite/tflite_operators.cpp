// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/tflite/tflite_operators.h"

#include "engine/nn/tflite/tflite_windows.h"

#include <algorithm>

namespace strata::nn {
namespace {

using torch::Tensor;
using Inputs = std::vector<Tensor>;

Result<TfliteKernel> makeReshape(const TfliteOperands& o, std::int64_t limit) {
    if (boundedCount(o.inputs[0], limit) != boundedCount(o.output, limit))
        return malformed("a reshape that changes the number of values");
    const Shape shape = o.output;
    return TfliteKernel([shape](const Inputs& inputs) {
        return fromFileLayout(toFileLayout(inputs[0]).reshape(shape));
    });
}

// `t` of the file's rank, seen with `rank` dimensions: leading ones are added, as broadcasting
// does.
Tensor withRank(const Tensor& t, std::size_t rank) {
    if (t.dim() == std::int64_t(rank))
        return t;
    auto shape = toFileLayout(t).sizes().vec();
    shape.insert(shape.begin(), rank - shape.size(), 1);
    return fromFileLayout(toFileLayout(t).reshape(shape));
}

Result<TfliteKernel> makeArithmetic(TfliteOp op, const TfliteOperands& o) {
    if (o.inputs.size() != 2)
        return malformed("an arithmetic operator without two inputs");
    const std::size_t rank = o.output.size();
    if (o.inputs[0].size() > rank || o.inputs[1].size() > rank)
        return malformed("an arithmetic operator that loses dimensions");
    Inputs constants(2);
    for (std::size_t i = 0; i < 2; ++i)
        if (o.constants[i].defined())
            constants[i] = withRank(fromFileLayout(o.constants[i]), rank);
    const auto activation = o.options.activation;
    return TfliteKernel([=](const Inputs& inputs) {
        const auto a = constants[0].defined() ? constants[0] : withRank(inputs[0], rank);
        const auto b = constants[1].defined() ? constants[1] : withRank(inputs[1], rank);
        return activated(op == TfliteOp::Add   ? a + b
                         : op == TfliteOp::Sub ? a - b
                         : op == TfliteOp::Mul ? a * b
                                               : a / b,
                         activation);
    });
}

Result<TfliteKernel> makeConcatenation(const TfliteOperands& o) {
    const auto rank = std::int64_t(o.output.size());
    std::int64_t axis = o.options.axis < 0 ? o.options.axis + rank : o.options.axis;
    if (axis < 0 || axis >= rank)
        return malformed("a concatenation along an axis that is not there");
    for (const auto& input : o.inputs)
        if (std::int64_t(input.size()) != rank)
            return malformed("a concatenation of tensors of different rank");
    if (rank == 4)
        axis = std::array<std::int64_t, 4>{0, 2, 3, 1}[std::size_t(axis)];
    Inputs constants;
    for (const auto& constant : o.constants)
        constants.push_back(constant.defined() ? fromFileLayout(constant) : Tensor());
    const auto activation = o.options.activation;
    return TfliteKernel([=](const Inputs& inputs) {
        Inputs parts;
        for (std::size_t i = 0; i < inputs.size(); ++i)
            parts.push_back(constants[i].defined() ? constants[i] : inputs[i]);
        return activated(at::cat(parts, axis), activation);
    });
}

Result<TfliteKernel> makePad(const TfliteOperands& o) {
    const std::size_t rank = o.output.size();
    if (o.inputs.size() < 2 || !o.constants[1].defined() || o.inputs[0].size() != rank ||
        o.inputs[1] != Shape{std::int64_t(rank), 2})
        return malformed("a padding that is not a constant pair for each dimension");
    const auto table = o.constants[1].to(torch::kInt64).contiguous();
    const auto* pairs = table.data_ptr<std::int64_t>();
    std::vector<std::int64_t> before(rank), after(rank);
    for (std::size_t i = 0; i < rank; ++i) {
        before[i] = pairs[2 * i];
        after[i] = pairs[2 * i + 1];
        const std::int64_t in = o.inputs[0][i], out = o.output[i];
        if (before[i] < 0 || after[i] < 0 || before[i] > out || after[i] > out ||
            in + before[i] + after[i] != out)
            return malformed("a padding whose result has another size than the file says");
    }
    // LibTorch takes the pairs from the last dimension backwards; between operators that is W, H,
    // C, N.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < rank; ++i)
        order.push_back(rank - 1 - i);
    if (rank == 4)
        order = {2, 1, 3, 0};
    std::vector<std::int64_t> padding;
    for (const auto i : order) {
        padding.push_back(before[i]);
        padding.push_back(after[i]);
    }
    return TfliteKernel(
        [padding](const Inputs& inputs) { return at::constant_pad_nd(inputs[0], padding, 0); });
}

// Linear interpolation along `dim` where sample i lies at i * in / out, tflite's oldest convention.
Tensor resizedFromCorner(const Tensor& x, std::int64_t dim, std::int64_t out) {
    const std::int64_t in = x.size(dim);
    const auto at = torch::arange(out, torch::kFloat32) * (float(in) / float(out));
    const auto low = at.floor().to(torch::kInt64).clamp(0, in - 1);
    const auto high = (low + 1).clamp(0, in - 1);
    std::vector<std::int64_t> shape(4, 1);
    shape[std::size_t(dim)] = out;
    const auto weight = (at - low.to(torch::kFloat32)).view(shape);
    return x.index_select(dim, low) * (1 - weight) + x.index_select(dim, high) * weight;
}

Result<TfliteKernel> makeResize(const TfliteOperands& o) {
    if (o.inputs.empty() || o.inputs[0].size() != 4 || o.output.size() != 4 ||
        o.output[0] != o.inputs[0][0] || o.output[3] != o.inputs[0][3] || o.output[1] <= 0 ||
        o.output[2] <= 0 || o.inputs[0][1] <= 0 || o.inputs[0][2] <= 0)
        return malformed("a resize whose result has another shape than the file says");
    const std::int64_t rows = o.output[1], columns = o.output[2];
    const bool corners = o.options.alignCorners;
    if (corners || o.options.halfPixelCenters)
        return TfliteKernel([=](const Inputs& inputs) {
            return at::upsample_bilinear2d(inputs[0], {rows, columns}, corners);
        });
    return TfliteKernel([=](const Inputs& inputs) {
        return resizedFromCorner(resizedFromCorner(inputs[0], 2, rows), 3, columns)
            .contiguous(at::MemoryFormat::ChannelsLast);
    });
}

Result<TfliteKernel> makeDepthToSpace(const TfliteOperands& o) {
    const std::int64_t b = o.options.blockSize;
    const auto& in = o.inputs[0];
    if (in.size() != 4 || b < 1 || b > 1024 || in[3] % (b * b) != 0 ||
        o.output != Shape{in[0], in[1] * b, in[2] * b, in[3] / (b * b)})
        return malformed("a depth-to-space whose result has another shape than the file says");
    const Shape split{in[0], in[1], in[2], b, b, in[3] / (b * b)};
    const Shape out = o.output;
    return TfliteKernel([=](const Inputs& inputs) {
        const auto blocks = toFileLayout(inputs[0]).reshape(split).permute({0, 1, 3, 2, 4, 5});
        return fromFileLayout(blocks.reshape(out));
    });
}

Result<TfliteKernel> makePrelu(const TfliteOperands& o) {
    if (o.inputs.size() != 2 || !o.constants[1].defined() ||
        o.inputs[1].size() > o.inputs[0].size())
        return malformed("a PReLU whose slopes are not constant");
    const auto slopes = withRank(fromFileLayout(o.constants[1]), o.inputs[0].size());
    return TfliteKernel([slopes](const Inputs& inputs) {
        return at::clamp_min(inputs[0], 0) + slopes * at::clamp_max(inputs[0], 0);
    });
}

// Inputs: [..., K], weights [O, K], bias [O].
Result<TfliteKernel> makeFullyConnected(const TfliteOperands& o, std::int64_t limit) {
    if (o.inputs.size() < 2 || !o.constants[1].defined() || o.inputs[1].size() != 2)
        return malformed("a fully connected layer whose weights are not constant");
    const std::int64_t width = o.inputs[1][1];
    const auto count = boundedCount(o.inputs[0], limit);
    if (width <= 0 || count < 0 || count % width != 0 ||
        count / width * o.inputs[1][0] != boundedCount(o.output, limit))
        return malformed("a fully connected layer whose weights do not fit");
    Tensor bias;
    if (o.inputs.size() > 2 && o.constants[2].defined()) {
        if (o.constants[2].numel() != o.inputs[1][0])
            return malformed("a fully connected layer whose bias does not fit");
        bias = o.constants[2].reshape({-1});
    }
    const auto weights = o.constants[1];
    const Shape out = o.output;
    const auto activation = o.options.activation;
    return TfliteKernel([=](const Inputs& inputs) {
        const auto rows = toFileLayout(inputs[0]).reshape({-1, width});
        return fromFileLayout(activated(at::linear(rows, weights, bias), activation).reshape(out));
    });
}

TfliteKernel pointwise(Tensor (*function)(const Tensor&)) {
    return [function](const Inputs& inputs) { return function(inputs[0]); };
}

} // namespace

Tensor fromFileLayout(const Tensor& t) {
    return t.dim() == 4 ? t.contiguous().permute({0, 3, 1, 2}) : t;
}

Tensor toFileLayout(const Tensor& t) {
    return t.dim() == 4 ? t.permute({0, 2, 3, 1}).contiguous() : t.contiguous();
}

std::int64_t boundedCount(const Shape& shape, std::int64_t limit) {
    std::int64_t count = 1;
    for (const auto extent : shape) {
        if (extent < 0 || (extent > 0 && count > limit / extent))
            return -1;
        count *= extent;
    }
    return count;
}

Result<TfliteKernel> makeTfliteKernel(TfliteOp op, const TfliteOperands& o, std::int64_t limit) {
    if (o.inputs.empty())
        return malformed("an operator without inputs");
    switch (op) {
    case TfliteOp::Add:
    case TfliteOp::Sub:
    case TfliteOp::Mul:
    case TfliteOp::Div:
        return makeArithmetic(op, o);
    case TfliteOp::AveragePool2d:
        return makePooling(o, true, limit);
    case TfliteOp::MaxPool2d:
        return makePooling(o, false, limit);
    case TfliteOp::Concatenation:
        return makeConcatenation(o);
    case TfliteOp::Conv2d:
        return makeConvolution(o, false, limit);
    case TfliteOp::DepthwiseConv2d:
        return makeConvolution(o, true, limit);
    case TfliteOp::TransposeConv:
        return makeTransposedConvolution(o, limit);
    case TfliteOp::DepthToSpace:
        return makeDepthToSpace(o);
    case TfliteOp::FullyConnected:
        return makeFullyConnected(o, limit);
    case TfliteOp::Pad:
        return makePad(o);
    case TfliteOp::Prelu:
        return makePrelu(o);
    case TfliteOp::Reshape:
    case TfliteOp::Squeeze:
        return makeReshape(o, limit);
    case TfliteOp::ResizeBilinear:
        return makeResize(o);
    case TfliteOp::Logistic:
        return pointwise([](const Tensor& x) { return at::sigmoid(x); });
    case TfliteOp::Tanh:
        return pointwise([](const Tensor& x) { return at::tanh(x); });
    case TfliteOp::Relu:
        return pointwise([](const Tensor& x) { return at::relu(x); });
    case TfliteOp::Relu6:
        return pointwise([](const Tensor& x) { return at::clamp(x, 0, 6); });
    case TfliteOp::HardSwish:
        return pointwise([](const Tensor& x) { return at::hardswish(x); });
    default:
        return Error{ErrorCode::BadFormat,
                     "The graph uses " + nameOf(op) + ", which is not supported."};
    }
}

} // namespace strata::nn
