// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/onnx_session.h"

#include "engine/core/parallel.h"
#include "engine/perception/checks.h"

#include <onnxruntime_cxx_api.h>

#include <algorithm>

namespace strata {
namespace {

// Graphs bring their weights with them; anything much larger than our models is not one of them.
constexpr std::uintmax_t kLargestFile = std::uintmax_t(4) << 30;

Ort::Env& environment() {
    static Ort::Env env(ORT_LOGGING_LEVEL_ERROR, "strata");
    return env;
}

Ort::SessionOptions options() {
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(workerCount());
    options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
    // Other networks take turns on the same cores, so idle threads sleep instead of spinning.
    options.AddConfigEntry("session.intra_op.allow_spinning", "0");
    options.SetLogSeverityLevel(ORT_LOGGING_LEVEL_FATAL);
    return options;
}

bool fits(const Ort::TypeInfo& info, const OnnxSignature::Port& port) {
    if (info.GetONNXType() != ONNX_TYPE_TENSOR)
        return false;
    const auto tensor = info.GetTensorTypeAndShapeInfo();
    const auto type = port.type == OnnxSignature::Type::Float ? ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
                                                              : ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
    if (tensor.GetElementType() != type)
        return false;
    const auto shape = tensor.GetShape();
    if (shape.size() != 4)
        return false;
    return port.channels == 0 || shape[1] < 0 || shape[1] == port.channels;
}

bool fits(const Ort::Session& session, const OnnxSignature& signature) {
    if (session.GetInputCount() != signature.inputs.size() ||
        session.GetOutputCount() != signature.outputs.size())
        return false;
    for (std::size_t i = 0; i < signature.inputs.size(); ++i)
        if (!fits(session.GetInputTypeInfo(i), signature.inputs[i]))
            return false;
    for (std::size_t i = 0; i < signature.outputs.size(); ++i)
        if (!fits(session.GetOutputTypeInfo(i), signature.outputs[i]))
            return false;
    return true;
}

Error foreign(const std::string& title, const std::string& doing, const std::exception& e) {
    std::string text = e.what();
    if (const auto end = text.find('\n'); end != std::string::npos)
        text.resize(end);
    const bool memory = dynamic_cast<const std::bad_alloc*>(&e) != nullptr ||
                        text.find("allocate memory") != std::string::npos;
    return {memory ? ErrorCode::OutOfMemory : ErrorCode::Internal,
            title + " failed while " + doing + ": " + text};
}

Ort::Value wrap(const OnnxInput& input) {
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeCPU);
    return std::visit(
        [&](auto values) {
            using Element = std::remove_const_t<typename decltype(values)::element_type>;
            // ONNX Runtime takes a mutable pointer but does not write to inputs.
            return Ort::Value::CreateTensor<Element>(memory, const_cast<Element*>(values.data()),
                                                     values.size(), input.shape.data(),
                                                     input.shape.size());
        },
        input.values);
}

template <typename T>
std::vector<T> copied(const Ort::Value& value, std::size_t count) {
    const T* data = value.GetTensorData<T>();
    return {data, data + count};
}

OnnxOutput unwrap(const Ort::Value& value) {
    const auto info = value.GetTensorTypeAndShapeInfo();
    OnnxOutput output;
    output.shape = info.GetShape();
    if (info.GetElementType() == ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8)
        output.values = copied<std::uint8_t>(value, info.GetElementCount());
    else
        output.values = copied<float>(value, info.GetElementCount());
    return output;
}

} // namespace

struct OnnxSession::Impl {
    std::string title;
    Ort::Session session{nullptr};
    std::vector<std::string> inputNames;
    std::vector<std::string> outputNames;
};

OnnxSession::OnnxSession(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
OnnxSession::OnnxSession(OnnxSession&&) noexcept = default;
OnnxSession& OnnxSession::operator=(OnnxSession&&) noexcept = default;
OnnxSession::~OnnxSession() = default;

Result<OnnxSession> OnnxSession::load(const std::filesystem::path& file, const std::string& title,
                                      const OnnxSignature& signature) {
    std::error_code code;
    const auto bytes = std::filesystem::file_size(file, code);
    if (code)
        return Error{ErrorCode::NotFound, "The " + title + " model " + quoted(file) +
                                              " cannot be opened: " + code.message() + "."};
    if (bytes > kLargestFile)
        return Error{ErrorCode::BadFormat,
                     quoted(file) + " is too large to be the " + title + " model."};
    auto impl = std::make_unique<Impl>();
    impl->title = title;
    try {
        impl->session = Ort::Session(environment(), file.c_str(), options());
        if (!fits(impl->session, signature))
            return Error{ErrorCode::BadFormat, quoted(file) + " is an ONNX graph, but not the " +
                                                   title + " model: its inputs or outputs differ."};
        Ort::AllocatorWithDefaultOptions allocator;
        for (std::size_t i = 0; i < signature.inputs.size(); ++i)
            impl->inputNames.emplace_back(impl->session.GetInputNameAllocated(i, allocator).get());
        for (std::size_t i = 0; i < signature.outputs.size(); ++i)
            impl->outputNames.emplace_back(
                impl->session.GetOutputNameAllocated(i, allocator).get());
    } catch (const std::bad_alloc& e) {
        return foreign(title, "loading", e);
    } catch (const std::exception&) {
        return Error{ErrorCode::BadFormat,
                     quoted(file) + " is not a readable ONNX graph; the " + title +
                         " model is damaged or another file lies in its place."};
    }
    return OnnxSession(std::move(impl));
}

Result<std::vector<OnnxOutput>> OnnxSession::run(std::span<const OnnxInput> inputs) {
    try {
        std::vector<Ort::Value> values;
        for (const auto& input : inputs)
            values.push_back(wrap(input));
        std::vector<const char*> inputNames, outputNames;
        for (const auto& name : m_impl->inputNames)
            inputNames.push_back(name.c_str());
        for (const auto& name : m_impl->outputNames)
            outputNames.push_back(name.c_str());
        auto results =
            m_impl->session.Run(Ort::RunOptions{nullptr}, inputNames.data(), values.data(),
                                values.size(), outputNames.data(), outputNames.size());
        std::vector<OnnxOutput> outputs;
        for (const auto& result : results)
            outputs.push_back(unwrap(result));
        return outputs;
    } catch (const std::exception& e) {
        return foreign(m_impl->title, "running", e);
    }
}

} // namespace strata
