// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <filesystem>
#include <string>
#include <vector>

namespace strata {

/// Builtin operators by their number in the tflite schema; others are kept as that number.
enum class TfliteOp : int {
    Add = 0,
    AveragePool2d = 1,
    Concatenation = 2,
    Conv2d = 3,
    DepthwiseConv2d = 4,
    DepthToSpace = 5,
    Dequantize = 6,
    FullyConnected = 9,
    Logistic = 14,
    MaxPool2d = 17,
    Mul = 18,
    Relu = 19,
    Relu6 = 21,
    Reshape = 22,
    ResizeBilinear = 23,
    Softmax = 25,
    Tanh = 28,
    Custom = 32,
    Pad = 34,
    Transpose = 39,
    Mean = 40,
    Sub = 41,
    Div = 42,
    Squeeze = 43,
    StridedSlice = 45,
    Split = 49,
    Cast = 53,
    Prelu = 54,
    Slice = 65,
    TransposeConv = 67,
    Sum = 74,
    ResizeNearestNeighbor = 97,
    HardSwish = 117,
    Densify = 124,
};
std::string nameOf(TfliteOp op); // "CONV_2D", …, "operator 200"

enum class TflitePadding { Same, Valid };
enum class TfliteActivation { None = 0, Relu = 1, ReluN1To1 = 2, Relu6 = 3, Tanh = 4 };

/// The options of an operator; those its kind does not have keep the defaults. Checked: strides,
/// dilations and filters are in 1…65535.
struct TfliteOptions {
    TflitePadding padding = TflitePadding::Same;
    TfliteActivation activation = TfliteActivation::None;
    int strideHeight = 1, strideWidth = 1;
    int dilationHeight = 1, dilationWidth = 1;
    int filterHeight = 1, filterWidth = 1; // pooling
    int depthMultiplier = 1;
    int axis = 0;      // concatenation; may be negative
    int blockSize = 1; // depth to space
    float beta = 1;    // softmax
    bool alignCorners = false, halfPixelCenters = false;
    bool keepDims = false;
    std::vector<int> newShape; // reshape (its second input wins) and squeeze
};

/// Constants that are sparse in the file are made dense, so that a Densify operator has nothing
/// left to do.
struct TfliteTensor {
    std::string name;
    Array data;            // type and shape; bytes only for constants (a view of the file)
    bool constant = false; // its values are in the file
    std::vector<float> scales;
    std::vector<std::int64_t> zeroPoints;
    int quantizedDimension = 0;
};

struct TfliteOperator {
    TfliteOp op = TfliteOp::Custom;
    std::string custom;       // the name of a Custom operator
    std::vector<int> inputs;  // indices of tensors, -1 for one left out
    std::vector<int> outputs; // indices of tensors
    TfliteOptions options;
};

/// The main graph of a .tflite file. Checked: every index, the bytes of every constant against its
/// shape, and that operators only use tensors that are constants, graph inputs or results of
/// earlier operators.
struct TfliteModel {
    std::vector<TfliteTensor> tensors;
    std::vector<TfliteOperator> operators;
    std::vector<int> inputs, outputs;
};

Result<TfliteModel> readTflite(const std::filesystem::path& path);
Result<TfliteModel> parseTflite(const FileBytes& file);

} // namespace strata
