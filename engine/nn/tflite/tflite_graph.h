// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/tflite/tflite_operators.h"

#include <torch/types.h>

#include <map>
#include <vector>

namespace strata::nn {

/// A TensorFlow Lite graph as LibTorch operators. Owns its constants as 32-bit floats (half
/// precision is widened when the graph is made) and frees every intermediate tensor after its last
/// use.
class TfliteGraph {
public:
    /// Checks every operator and the shape of its result against the file.
    static Result<TfliteGraph> create(const TfliteModel& model, torch::Device device = torch::kCPU);

    /// Inputs and outputs in the file's order, layout ([N, H, W, C]) and shapes; 32-bit floats.
    /// Throws as LibTorch does; call it inside inferring().
    std::vector<torch::Tensor> run(const std::vector<torch::Tensor>& inputs) const;

    const std::vector<Shape>& inputShapes() const { return m_inputShapes; }
    const std::vector<Shape>& outputShapes() const { return m_outputShapes; }

private:
    struct Step {
        TfliteKernel kernel;
        std::vector<int> inputs; // tensors; -1 for what the kernel has swallowed
        int output = 0;
        std::vector<int> lastUses; // tensors that nothing needs after this step
        Shape shape;               // of the output, file layout
    };

    Status addStep(const TfliteModel& model, const TfliteOperator& op,
                   std::map<int, torch::Tensor>& constants);
    void findLastUses();
    Status checkByRunning() const;

    std::vector<Step> m_steps;
    std::size_t m_tensorCount = 0;
    std::vector<int> m_inputs, m_outputs;
    std::vector<Shape> m_inputShapes, m_outputShapes;
    torch::Device m_device = torch::kCPU;
};

} // namespace strata::nn
