// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/tflite.h"

#include "engine/formats/flat_table.h"
#include "engine/formats/tflite_sparse.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

namespace strata {
namespace {

// Field numbers follow the tables of the public schema, version 3.

std::optional<DType> typeOf(std::int8_t code) {
    static constexpr std::pair<int, DType> known[] = {
        {0, DType::F32},  {1, DType::F16},  {2, DType::I32},  {3, DType::U8},
        {4, DType::I64},  {6, DType::Bool}, {7, DType::I16},  {9, DType::I8},
        {10, DType::F64}, {12, DType::U64}, {15, DType::U32}, {16, DType::U16}};
    for (const auto& [number, type] : known)
        if (number == code)
            return type;
    return std::nullopt;
}

struct Source {
    const FileBytes& file;
    FlatBuffer& buffer;
    std::vector<FlatTable> buffers;
};

Result<TfliteTensor> readTensor(const FlatTable& table, const Source& source) {
    TfliteTensor tensor;
    tensor.name = table.text(3);
    const std::string what = "the tensor '" + tensor.name + "'";
    const auto type = typeOf(table.number<std::int8_t>(1));
    if (!type)
        return Error{ErrorCode::BadFormat,
                     source.file.name + ": " + what + " has a type that is not supported."};
    tensor.data.type = *type;
    const auto extents = table.numbers<std::int32_t>(0);
    tensor.data.shape.assign(extents.begin(), extents.end());
    const auto size = bytesOf(*type, tensor.data.shape);
    if (!size || extents.size() > 8)
        return damaged(source.file.name, what + " has an impossible shape");

    const FlatTable quantization = table.table(4);
    tensor.scales = quantization.numbers<float>(2);
    tensor.zeroPoints = quantization.numbers<std::int64_t>(3);
    tensor.quantizedDimension = quantization.number<std::int32_t>(6);

    const auto buffer = table.number<std::uint32_t>(2);
    if (buffer >= source.buffers.size() && buffer != 0)
        return damaged(source.file.name, what + " has no buffer");
    const auto bytes = buffer == 0 ? std::span<const std::byte>() : source.buffers[buffer].bytes(0);
    if (bytes.empty())
        return tensor;
    if (const FlatTable sparsity = table.table(6)) {
        auto dense = source.buffer.charge(*size)
                         ? densify(sparsity, tensor.data.shape, bytes, *size, bytesOf(*type))
                         : std::nullopt;
        if (!dense)
            return damaged(source.file.name, what + " is sparse in a way that does not add up");
        tensor.data = Array::ofBytes(*type, tensor.data.shape, std::move(*dense));
        tensor.constant = true;
        return tensor;
    }
    if (bytes.size() != *size)
        return damaged(source.file.name, what + " has " + std::to_string(bytes.size()) +
                                             " bytes instead of " + std::to_string(*size));
    tensor.constant = true;
    tensor.data.bytes = bytes;
    tensor.data.owner = source.file.owner;
    return tensor;
}

void readConvolution(const FlatTable& table, bool depthwise, TfliteOptions& o) {
    const int shift = depthwise ? 1 : 0; // the depth multiplier comes in between
    o.padding = TflitePadding(table.number<std::int8_t>(0));
    o.strideWidth = table.number<std::int32_t>(1);
    o.strideHeight = table.number<std::int32_t>(2);
    if (depthwise)
        o.depthMultiplier = table.number<std::int32_t>(3);
    o.activation = TfliteActivation(table.number<std::int8_t>(3 + shift));
    o.dilationWidth = table.number<std::int32_t>(4 + shift, 1);
    o.dilationHeight = table.number<std::int32_t>(5 + shift, 1);
}

void readPool(const FlatTable& table, TfliteOptions& o) {
    o.padding = TflitePadding(table.number<std::int8_t>(0));
    o.strideWidth = table.number<std::int32_t>(1);
    o.strideHeight = table.number<std::int32_t>(2);
    o.filterWidth = table.number<std::int32_t>(3);
    o.filterHeight = table.number<std::int32_t>(4);
    o.activation = TfliteActivation(table.number<std::int8_t>(5));
}

void readOptions(TfliteOp op, const FlatTable& table, TfliteOptions& o) {
    switch (op) {
    case TfliteOp::Conv2d:
    case TfliteOp::DepthwiseConv2d:
        readConvolution(table, op == TfliteOp::DepthwiseConv2d, o);
        break;
    case TfliteOp::AveragePool2d:
    case TfliteOp::MaxPool2d:
        readPool(table, o);
        break;
    case TfliteOp::TransposeConv:
        o.padding = TflitePadding(table.number<std::int8_t>(0));
        o.strideWidth = table.number<std::int32_t>(1);
        o.strideHeight = table.number<std::int32_t>(2);
        o.activation = TfliteActivation(table.number<std::int8_t>(3));
        break;
    case TfliteOp::Add:
    case TfliteOp::Sub:
    case TfliteOp::Mul:
    case TfliteOp::Div:
    case TfliteOp::FullyConnected:
        o.activation = TfliteActivation(table.number<std::int8_t>(0));
        break;
    case TfliteOp::Concatenation:
        o.axis = table.number<std::int32_t>(0);
        o.activation = TfliteActivation(table.number<std::int8_t>(1));
        break;
    case TfliteOp::ResizeBilinear:
        o.alignCorners = table.number<std::uint8_t>(2) != 0;
        o.halfPixelCenters = table.number<std::uint8_t>(3) != 0;
        break;
    case TfliteOp::ResizeNearestNeighbor:
        o.alignCorners = table.number<std::uint8_t>(0) != 0;
        o.halfPixelCenters = table.number<std::uint8_t>(1) != 0;
        break;
    case TfliteOp::Softmax:
        o.beta = table.number<float>(0);
        break;
    case TfliteOp::DepthToSpace:
        o.blockSize = table.number<std::int32_t>(0);
        break;
    case TfliteOp::Mean:
    case TfliteOp::Sum:
        o.keepDims = table.number<std::uint8_t>(0) != 0;
        break;
    case TfliteOp::Reshape:
    case TfliteOp::Squeeze:
        o.newShape = table.numbers<std::int32_t>(0);
        break;
    default:
        break;
    }
}

bool sane(const TfliteOptions& o) {
    const auto positive = [](int value) { return value >= 1 && value <= 65535; };
    return positive(o.strideHeight) && positive(o.strideWidth) && positive(o.dilationHeight) &&
           positive(o.dilationWidth) && positive(o.filterHeight) && positive(o.filterWidth) &&
           o.depthMultiplier >= 0 && positive(o.blockSize) && int(o.padding) >= 0 &&
           int(o.padding) <= 1 && int(o.activation) >= 0 && int(o.activation) <= 4;
}

struct Code {
    TfliteOp op;
    std::string custom;
};

Code readCode(const FlatTable& table) {
    // Numbers above 127 only fit the newer field; writers fill both with the larger in mind.
    const int old = table.number<std::int8_t>(0);
    const int number = table.number<std::int32_t>(3);
    return {TfliteOp(std::max(old, number)), table.text(1)};
}

/// Every operator must find its inputs computed, and compute tensors nobody else has.
Status checkOrder(const TfliteModel& model, const std::string& name) {
    const int count = int(model.tensors.size());
    std::vector<bool> known(model.tensors.size());
    for (int i = 0; i < count; ++i)
        known[std::size_t(i)] = model.tensors[std::size_t(i)].constant;
    const auto exists = [&](int index) { return index >= 0 && index < count; };
    const Error missing = damaged(name, "its graph uses a tensor that is not computed before");
    for (const int index : model.inputs) {
        if (!exists(index))
            return missing;
        known[std::size_t(index)] = true;
    }
    for (const TfliteOperator& op : model.operators) {
        for (const int index : op.inputs)
            if (index != -1 && (!exists(index) || !known[std::size_t(index)]))
                return missing;
        for (const int index : op.outputs) {
            if (!exists(index) || known[std::size_t(index)])
                return damaged(name, "its graph computes a tensor twice or one that is not there");
            known[std::size_t(index)] = true;
        }
    }
    for (const int index : model.outputs)
        if (!exists(index) || !known[std::size_t(index)])
            return missing;
    return ok();
}

Status readOperators(const FlatTable& graph, const std::vector<FlatTable>& codes,
                     const std::string& name, TfliteModel& model) {
    std::vector<Code> known;
    for (const FlatTable& table : codes)
        known.push_back(readCode(table));
    for (const FlatTable& table : graph.tables(3)) {
        const auto code = table.number<std::uint32_t>(0);
        if (code >= known.size())
            return damaged(name, "an operator has no kind");
        TfliteOperator op;
        op.op = known[code].op;
        if (op.op == TfliteOp::Custom)
            op.custom = known[code].custom.substr(0, 64);
        op.inputs = table.numbers<std::int32_t>(1);
        op.outputs = table.numbers<std::int32_t>(2);
        if (const FlatTable options = table.table(4))
            readOptions(op.op, options, op.options);
        if (!sane(op.options))
            return damaged(name, "an operator " + nameOf(op.op) + " has impossible options");
        model.operators.push_back(std::move(op));
    }
    return ok();
}

} // namespace

std::string nameOf(TfliteOp op) {
    static constexpr std::pair<TfliteOp, const char*> names[] = {
        {TfliteOp::Add, "ADD"},
        {TfliteOp::AveragePool2d, "AVERAGE_POOL_2D"},
        {TfliteOp::Concatenation, "CONCATENATION"},
        {TfliteOp::Conv2d, "CONV_2D"},
        {TfliteOp::DepthwiseConv2d, "DEPTHWISE_CONV_2D"},
        {TfliteOp::DepthToSpace, "DEPTH_TO_SPACE"},
        {TfliteOp::Dequantize, "DEQUANTIZE"},
        {TfliteOp::FullyConnected, "FULLY_CONNECTED"},
        {TfliteOp::Logistic, "LOGISTIC"},
        {TfliteOp::MaxPool2d, "MAX_POOL_2D"},
        {TfliteOp::Mul, "MUL"},
        {TfliteOp::Relu, "RELU"},
        {TfliteOp::Relu6, "RELU6"},
        {TfliteOp::Reshape, "RESHAPE"},
        {TfliteOp::ResizeBilinear, "RESIZE_BILINEAR"},
        {TfliteOp::Softmax, "SOFTMAX"},
        {TfliteOp::Tanh, "TANH"},
        {TfliteOp::Custom, "CUSTOM"},
        {TfliteOp::Pad, "PAD"},
        {TfliteOp::Transpose, "TRANSPOSE"},
        {TfliteOp::Mean, "MEAN"},
        {TfliteOp::Sub, "SUB"},
        {TfliteOp::Div, "DIV"},
        {TfliteOp::Squeeze, "SQUEEZE"},
        {TfliteOp::StridedSlice, "STRIDED_SLICE"},
        {TfliteOp::Split, "SPLIT"},
        {TfliteOp::Cast, "CAST"},
        {TfliteOp::Prelu, "PRELU"},
        {TfliteOp::Slice, "SLICE"},
        {TfliteOp::TransposeConv, "TRANSPOSE_CONV"},
        {TfliteOp::Sum, "SUM"},
        {TfliteOp::ResizeNearestNeighbor, "RESIZE_NEAREST_NEIGHBOR"},
        {TfliteOp::HardSwish, "HARD_SWISH"},
        {TfliteOp::Densify, "DENSIFY"},
    };
    for (const auto& [known, name] : names)
        if (known == op)
            return name;
    return "operator " + std::to_string(int(op));
}

Result<TfliteModel> parseTflite(const FileBytes& file) {
    if (file.size() < 8 || std::memcmp(file.bytes.data() + 4, "TFL3", 4) != 0)
        return Error{ErrorCode::BadFormat, file.name + " is not a tflite model."};
    FlatBuffer buffer(file.bytes);
    const FlatTable root = FlatTable::root(buffer);
    const auto graphs = root.tables(2);
    if (graphs.empty())
        return damaged(file.name, "it has no graph");
    const FlatTable& graph = graphs.front();

    TfliteModel model;
    const Source source{file, buffer, root.tables(4)};
    for (const FlatTable& table : graph.tables(0)) {
        STRATA_ASSIGN(TfliteTensor tensor, readTensor(table, source));
        model.tensors.push_back(std::move(tensor));
    }
    model.inputs = graph.numbers<std::int32_t>(1);
    model.outputs = graph.numbers<std::int32_t>(2);
    STRATA_TRY(readOperators(graph, root.tables(1), file.name, model));
    if (buffer.failed())
        return damaged(file.name, "a part of its graph lies outside the file");
    STRATA_TRY(checkOrder(model, file.name));
    return model;
}

Result<TfliteModel> readTflite(const std::filesystem::path& path) {
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    return parseTflite(file);
}

} // namespace strata
