// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/network_cost.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

double product(const std::vector<std::int64_t>& shape, std::size_t from, std::size_t to) {
    double result = 1;
    for (std::size_t i = from; i < std::min(to, shape.size()); ++i)
        result *= double(shape[i]);
    return result;
}

/// Multiplications of one operator. Weights lie as [out, rows, columns, in] for convolutions,
/// [1, rows, columns, out] for depthwise ones and [out, in] for dense layers.
double multiplications(const TfliteModel& model, const TfliteOperator& op) {
    const auto shape = [&](const std::vector<int>& tensors, std::size_t i) {
        const bool there = i < tensors.size() && tensors[i] >= 0;
        return there ? model.tensors[std::size_t(tensors[i])].data.shape
                     : std::vector<std::int64_t>{0};
    };
    const auto output = shape(op.outputs, 0), weights = shape(op.inputs, 1);
    const double results = product(output, 0, output.size());
    switch (op.op) {
    case TfliteOp::Conv2d:
    case TfliteOp::FullyConnected:
        return results * product(weights, 1, weights.size());
    case TfliteOp::DepthwiseConv2d:
        return results * product(weights, 1, 3);
    case TfliteOp::TransposeConv: { // inputs: the size of the result, weights, picture
        const auto input = shape(op.inputs, 2);
        return product(input, 0, input.size()) * product(weights, 0, 3);
    }
    default:
        return 0;
    }
}

} // namespace

double workOf(const TfliteModel& model) {
    double sum = 0;
    for (const auto& op : model.operators)
        sum += multiplications(model, op);
    return 2 * sum;
}

Result<double> tfliteWork(const std::filesystem::path& modelFile) {
    STRATA_ASSIGN(const TfliteModel model, readTflite(modelFile));
    return workOf(model);
}

Size networkInputSize(Size picture, int shorterSide, int multiple) {
    constexpr int kLongestRatio = 4;
    const double scale = double(shorterSide) / std::min(picture.width, picture.height);
    const auto fit = [&](int side) {
        const int rounded =
            std::max(multiple, int(std::lround(side * scale / multiple)) * multiple);
        return std::min(rounded, shorterSide * kLongestRatio);
    };
    return {fit(picture.width), fit(picture.height)};
}

} // namespace strata
