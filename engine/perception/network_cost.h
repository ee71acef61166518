// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/formats/tflite.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace strata {

// How many floating point operations one run of a network takes: two for every multiplication with
// its addition in convolutions and matrix products. All the rest (activations, normalisation,
// resizing) is not counted: it is bound by memory, and a bound made of this number stays a bound.

/// Of a tflite graph, by the shapes in the file.
double workOf(const TfliteModel& model);
Result<double> tfliteWork(const std::filesystem::path& modelFile);

/// What the work of Depth Anything V2 depends on besides the picture.
struct DepthNetworkShape {
    std::int64_t width = 0;  // of a token
    std::int64_t blocks = 0; // of the encoder
    std::int64_t hidden = 0; // of the perceptron in each block
    std::int64_t patch = 14; // pixels
    std::int64_t features = 0;
    std::array<std::int64_t, 4> channels{}; // of the head's levels
};

/// `network`: the picture inside the network; sides are multiples of the patch.
double workOf(const DepthNetworkShape& shape, Size network);
/// Of DepthEstimator::inverseDepth() with a picture of size `frame`.
Result<double> depthWork(const std::filesystem::path& modelFile, Size frame, int networkSide = 392);

/// Of MODNet on one picture of this size inside the network. Runs the graph once under ONNX
/// Runtime's profiler, before operators are fused for the processor at hand.
Result<double> mattingWork(const std::filesystem::path& modelFile, Size network);
/// Of all that a profile of ONNX Runtime (JSON) lists; BadFormat when it lists no product.
Result<double> workOfOnnxProfile(const std::string& json);

constexpr int kMattingMultiple = 32;

/// The size that a picture has inside a network: the shorter side becomes `shorterSide`, both are
/// multiples of `multiple`, the longer one at most four times the shorter. DepthEstimator and
/// Matting follow this rule.
Size networkInputSize(Size picture, int shorterSide, int multiple);

} // namespace strata
