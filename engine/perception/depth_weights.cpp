// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/perception/depth_weights.h"

#include "engine/nn/guard.h"
#include "engine/weights/load_weights.h"

#include <algorithm>
#include <string_view>

namespace strata {
namespace {

constexpr std::string_view kPackagePrefix = "model_pretrained_";

// What the package calls a parameter, as a prefix: precision may be added behind.
std::string packageName(std::string official) {
    std::replace(official.begin(), official.end(), '.', '_');
    return "model_" + official;
}

// Every name that a network of either depth has.
std::vector<std::string> officialNames() {
    nn::DepthAnythingConfig tiny;
    tiny.encoder = {nn::kDinoHeadWidth, 24, 8, 14, 2, {4, 11, 17, 23}};
    tiny.head = {nn::kDinoHeadWidth, 4, {4, 4, 4, 4}};
    return nn::DepthAnything(tiny)->named_parameters().keys();
}

// The package's constants under official names; what has no such name belongs to its graph, not to
// the network.
ArrayMap renamed(const ArrayMap& constants) {
    ArrayMap tensors;
    for (const auto& name : officialNames()) {
        const auto stem = packageName(name);
        auto found = constants.find(stem + "_to_fp16");
        if (found == constants.end())
            found = constants.find(stem);
        if (found != constants.end())
            tensors[name] = found->second;
    }
    return tensors;
}

bool fromPackage(const ArrayMap& tensors) {
    const auto first = tensors.lower_bound(std::string(kPackagePrefix));
    return first != tensors.end() && first->first.starts_with(kPackagePrefix);
}

} // namespace

Result<nn::DepthAnything> depthNetworkFrom(const ArrayMap& given, const std::string& file) {
    return nn::inferring("Loading " + file, [&]() -> Result<nn::DepthAnything> {
        const ArrayMap tensors = fromPackage(given) ? renamed(given) : given;
        std::map<std::string, std::vector<std::int64_t>> shapes;
        for (const auto& [name, tensor] : tensors)
            shapes[name] = tensor.shape;
        auto config = nn::DepthAnythingConfig::fromShapes(shapes);
        if (!config)
            return Error{config.error().code, file + ": " + config.error().message};
        nn::DepthAnything network(*config);
        STRATA_ASSIGN(const auto report, loadWeights(*network, tensors, file));
        for (const auto& name : report.unexpected)
            if (!nn::depthAnythingIgnores(name))
                return Error{ErrorCode::BadFormat,
                             file + " has a tensor '" + name + "' that the network does not know."};
        // Pictures are channels-last, so that tokens and pictures are the same memory.
        for (auto& parameter : network->named_parameters())
            if (parameter.value().dim() == 4)
                parameter.value().set_data(
                    parameter.value().contiguous(at::MemoryFormat::ChannelsLast));
        network->eval();
        return network;
    });
}

} // namespace strata
