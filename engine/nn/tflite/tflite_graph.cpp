// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/tflite/tflite_graph.h"

#include "engine/nn/guard.h"
#include "engine/nn/threads.h"

#include <algorithm>
#include <set>

namespace strata::nn {
namespace {

using torch::Tensor;

// 256 MiB of floats: far above what pose networks need, far below what would hurt.
constexpr std::int64_t kMostElements = std::int64_t(1) << 26;

bool isFloat(DType type) { return type == DType::F32 || type == DType::F16; }
bool isIndex(DType type) { return type == DType::I32 || type == DType::I64; }

Result<Tensor> constantOf(const TfliteTensor& tensor, torch::Device device) {
    if (boundedCount(tensor.data.shape, kMostElements) < 0)
        return Error{ErrorCode::BadFormat,
                     "The graph's constant '" + tensor.name + "' is too large."};
    if (isFloat(tensor.data.type))
        return torch::tensor(tensor.data.toFloats()).reshape(tensor.data.shape).to(device);
    if (isIndex(tensor.data.type)) // shapes and paddings, read on the CPU
        return torch::tensor(tensor.data.toInts(), torch::kInt64).reshape(tensor.data.shape);
    return Error{ErrorCode::BadFormat, "The graph's constant '" + tensor.name +
                                           "' is quantised, which is not supported."};
}

} // namespace

Result<TfliteGraph> TfliteGraph::create(const TfliteModel& model, torch::Device device) {
    const ThreadScope threads(1);
    return inferring("Building the graph", [&]() -> Result<TfliteGraph> {
        TfliteGraph graph;
        graph.m_device = device;
        graph.m_tensorCount = model.tensors.size();
        graph.m_inputs = model.inputs;
        graph.m_outputs = model.outputs;
        for (const auto& tensor : model.tensors)
            if (boundedCount(tensor.data.shape, kMostElements) < 0)
                return Error{ErrorCode::BadFormat,
                             "The graph's tensor '" + tensor.name + "' is too large."};
        std::map<int, Tensor> constants;
        for (std::size_t i = 0; i < model.tensors.size(); ++i)
            if (model.tensors[i].constant) {
                STRATA_ASSIGN(constants[int(i)], constantOf(model.tensors[i], device));
            }
        for (const auto& op : model.operators)
            STRATA_TRY(graph.addStep(model, op, constants));
        for (const int i : model.inputs)
            graph.m_inputShapes.push_back(model.tensors[std::size_t(i)].data.shape);
        for (const int i : model.outputs) {
            graph.m_outputShapes.push_back(model.tensors[std::size_t(i)].data.shape);
            if (constants.count(i))
                return Error{ErrorCode::BadFormat,
                             "The graph's output does not depend on its input."};
        }
        graph.findLastUses();
        STRATA_TRY(graph.checkByRunning());
        return graph;
    });
}

Status TfliteGraph::addStep(const TfliteModel& model, const TfliteOperator& op,
                            std::map<int, Tensor>& constants) {
    if (op.outputs.size() != 1 || op.inputs.empty())
        return Error{ErrorCode::BadFormat, "The graph uses " + nameOf(op.op) +
                                               " with several results, which is not supported."};
    const int output = op.outputs.front();
    if (op.op == TfliteOp::Dequantize || op.op == TfliteOp::Densify) {
        // Both only say how a constant is stored; the values are floats already.
        const auto found = constants.find(op.inputs.front());
        if (found == constants.end())
            return Error{ErrorCode::BadFormat, "The graph uses " + nameOf(op.op) +
                                                   " on computed values, which is not supported."};
        constants[output] = found->second;
        return ok();
    }
    TfliteOperands operands{op.options, {}, {}, model.tensors[std::size_t(output)].data.shape};
    Step step;
    step.output = output;
    step.shape = operands.output;
    for (const int input : op.inputs) {
        const auto found = constants.find(input);
        const bool constant = found != constants.end();
        if (input >= 0 && !constant && model.tensors[std::size_t(input)].data.type != DType::F32)
            return Error{ErrorCode::BadFormat, "The graph computes with other numbers than 32-bit "
                                               "floats, which is not supported."};
        operands.inputs.push_back(input < 0 ? Shape{}
                                            : model.tensors[std::size_t(input)].data.shape);
        operands.constants.push_back(constant ? found->second : Tensor());
        step.inputs.push_back(constant ? -1 : input);
    }
    STRATA_ASSIGN(step.kernel, makeTfliteKernel(op.op, operands, kMostElements));
    m_steps.push_back(std::move(step));
    return ok();
}

void TfliteGraph::findLastUses() {
    std::set<int> needed(m_outputs.begin(), m_outputs.end());
    for (auto step = m_steps.rbegin(); step != m_steps.rend(); ++step) {
        for (const int input : step->inputs)
            if (input >= 0 && needed.insert(input).second)
                step->lastUses.push_back(input);
        if (!needed.count(step->output)) // a result that nobody reads
            step->lastUses.push_back(step->output);
    }
}

std::vector<Tensor> TfliteGraph::run(const std::vector<Tensor>& inputs) const {
    TORCH_CHECK(inputs.size() == m_inputs.size(), "the graph has ", m_inputs.size(), " inputs");
    const ThreadScope threads(1);
    std::vector<Tensor> values(m_tensorCount);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        TORCH_CHECK(inputs[i].sizes() == torch::IntArrayRef(m_inputShapes[i]),
                    "the graph's input has shape ", torch::IntArrayRef(m_inputShapes[i]), ", not ",
                    inputs[i].sizes());
        values[std::size_t(m_inputs[i])] = fromFileLayout(inputs[i].to(m_device));
    }
    std::vector<Tensor> arguments;
    for (const auto& step : m_steps) {
        arguments.clear();
        for (const int input : step.inputs) {
            arguments.push_back(input < 0 ? Tensor() : values[std::size_t(input)]);
            TORCH_CHECK(input < 0 || arguments.back().defined(), "an operator reads nothing");
        }
        values[std::size_t(step.output)] = step.kernel(arguments);
        for (const int dead : step.lastUses)
            values[std::size_t(dead)].reset();
    }
    std::vector<Tensor> outputs;
    for (const int output : m_outputs)
        outputs.push_back(toFileLayout(values[std::size_t(output)]));
    return outputs;
}

// Kernels check what they can beforehand; the rest shows when zeros go through.
Status TfliteGraph::checkByRunning() const {
    std::vector<Tensor> values(m_tensorCount);
    for (std::size_t i = 0; i < m_inputs.size(); ++i)
        values[std::size_t(m_inputs[i])] = fromFileLayout(torch::zeros(m_inputShapes[i], m_device));
    for (const auto& step : m_steps) {
        std::vector<Tensor> arguments;
        for (const int input : step.inputs) {
            if (input >= 0 && !values[std::size_t(input)].defined())
                return Error{ErrorCode::BadFormat, "The graph has an operator that reads nothing."};
            arguments.push_back(input < 0 ? Tensor() : values[std::size_t(input)]);
        }
        auto& result = values[std::size_t(step.output)];
        result = step.kernel(arguments);
        if (toFileLayout(result).sizes() != torch::IntArrayRef(step.shape))
            return Error{ErrorCode::BadFormat, "The graph has an operator whose result has another "
                                               "shape than the file says."};
        for (const int dead : step.lastUses)
            values[std::size_t(dead)].reset();
    }
    for (const int output : m_outputs)
        if (!values[std::size_t(output)].defined())
            return Error{ErrorCode::BadFormat, "The graph never computes one of its outputs."};
    return ok();
}

} // namespace strata::nn
