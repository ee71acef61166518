// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/network_cost.h"

#include "engine/core/atomic_file.h"
#include "engine/core/parallel.h"
#include "engine/perception/checks.h"

#include <nlohmann/json.hpp>
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <optional>
#include <stdlib.h>

namespace strata {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
using Shape = std::vector<double>;

double product(const Shape& shape, std::size_t from = 0) {
    double result = 1;
    for (std::size_t i = from; i < shape.size(); ++i)
        result *= shape[i];
    return result;
}

/// Shape `at` of a list like [{"float":[1,3,8,8]},{"float":[4,3,3,3]}].
std::optional<Shape> shapeAt(const json& args, const char* list, std::size_t at) {
    const auto found = args.find(list);
    if (found == args.end() || !found->is_array() || found->size() <= at)
        return {};
    const json& entry = (*found)[at];
    if (!entry.is_object() || entry.empty() || !entry.begin()->is_array())
        return {};
    Shape shape;
    for (const auto& extent : *entry.begin()) {
        if (!extent.is_number())
            return {};
        shape.push_back(extent.get<double>());
    }
    return shape;
}

double multiplications(const std::string& op, const json& args) {
    const bool convolves = op == "Conv" || op == "FusedConv", enlarges = op == "ConvTranspose";
    const bool multiplies = op == "MatMul", dense = op == "Gemm" || op == "FusedGemm";
    if (!convolves && !enlarges && !multiplies && !dense)
        return 0;
    const auto input = shapeAt(args, "input_type_shape", 0);
    const auto weights = shapeAt(args, "input_type_shape", 1);
    const auto output = shapeAt(args, "output_type_shape", 0);
    if (!input || !weights || !output || input->empty() || output->empty() || output->front() <= 0)
        return 0;
    if (convolves)
        return product(*output) * product(*weights, 1);
    if (enlarges)
        return product(*input) * product(*weights, 1);
    if (multiplies)
        return product(*output) * input->back();
    return product(*output) * product(*input) / output->front();
}

/// A folder of our own that goes with its content.
struct ProfileFolder {
    fs::path path;
    ~ProfileFolder() {
        std::error_code ignored;
        if (!path.empty())
            fs::remove_all(path, ignored);
    }
};

/// Runs the graph on zeros [1, 3, height, width] and gives the profiler's file.
fs::path profile(const fs::path& modelFile, Size input, const fs::path& folder) {
    const Ort::Env env(ORT_LOGGING_LEVEL_FATAL, "strata-profile");
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(workerCount());
    // Beyond this level operators are replaced by forms with padded channels, which would be
    // counted as work.
    options.SetGraphOptimizationLevel(ORT_ENABLE_BASIC);
    options.SetLogSeverityLevel(ORT_LOGGING_LEVEL_FATAL);
    options.EnableProfiling((folder / "run").c_str());
    Ort::Session session(env, modelFile.c_str(), options);
    Ort::AllocatorWithDefaultOptions allocator;
    const auto inputName = session.GetInputNameAllocated(0, allocator);
    const auto outputName = session.GetOutputNameAllocated(0, allocator);
    std::vector<float> zeros(std::size_t(3) * input.width * input.height);
    const std::int64_t shape[] = {1, 3, input.height, input.width};
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeCPU);
    const Ort::Value value =
        Ort::Value::CreateTensor<float>(memory, zeros.data(), zeros.size(), shape, 4);
    const char* inputs[] = {inputName.get()};
    const char* outputs[] = {outputName.get()};
    session.Run(Ort::RunOptions{nullptr}, inputs, &value, 1, outputs, 1);
    return session.EndProfilingAllocated(allocator).get();
}

} // namespace

Result<double> workOfOnnxProfile(const std::string& text) {
    const json events = json::parse(text, nullptr, false);
    double sum = 0;
    if (events.is_array())
        for (const auto& event : events) {
            if (!event.is_object())
                continue;
            const auto args = event.find("args");
            if (args == event.end() || !args->is_object())
                continue;
            const auto op = args->find("op_name");
            if (op != args->end() && op->is_string())
                sum += multiplications(op->get<std::string>(), *args);
        }
    if (!(sum > 0))
        return Error{ErrorCode::BadFormat, "The profile of ONNX Runtime lists no convolution and "
                                           "no matrix product."};
    return 2 * sum;
}

Result<double> mattingWork(const fs::path& modelFile, Size network) {
    std::error_code failed;
    std::string name = (fs::temp_directory_path(failed) / "strata-profile-XXXXXX").string();
    if (failed || !::mkdtemp(name.data()))
        return Error{ErrorCode::Io, "A temporary folder for the profile of " + quoted(modelFile) +
                                        " cannot be made."};
    const ProfileFolder folder{name};
    try {
        const auto file = profile(modelFile, network, folder.path);
        STRATA_ASSIGN(const std::string text, readFile(file));
        return workOfOnnxProfile(text);
    } catch (const std::exception&) {
        return Error{ErrorCode::BadFormat, quoted(modelFile) + " cannot be profiled: it does not "
                                                               "run on one picture."};
    }
}

} // namespace strata
