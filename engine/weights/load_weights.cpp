// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/load_weights.h"

#include "engine/weights/tensor_map.h"

#include <set>

namespace strata {
namespace {

struct Copy {
    torch::Tensor target;
    const Array* source = nullptr;
    std::string key;
};

std::string andMore(std::size_t count) {
    return count > 1 ? " (and " + std::to_string(count - 1) + " more)" : "";
}

/// Pairs every tensor of the network with its array, or says what keeps them apart.
Result<std::vector<Copy>> pair(const torch::nn::Module& module, const ArrayMap& checkpoint,
                               const std::string& source, const KeyMap& keys) {
    auto targets = module.named_parameters().pairs();
    for (const auto& buffer : module.named_buffers().pairs())
        targets.push_back(buffer);
    std::vector<Copy> copies;
    std::vector<std::string> missing, misshapen;
    for (const auto& [name, target] : targets) {
        const std::string key = keys(name);
        const auto found = checkpoint.find(key);
        if (found == checkpoint.end()) {
            missing.push_back("'" + key + "'");
            continue;
        }
        const auto wanted = target.sizes().vec();
        if (found->second.shape != wanted)
            misshapen.push_back("'" + key + "' has the shape " + nameOf(found->second.shape) +
                                " instead of " + nameOf(wanted));
        copies.push_back({target, &found->second, key});
    }
    if (!missing.empty())
        return Error{ErrorCode::NotFound,
                     source + " has no tensor " + missing.front() + andMore(missing.size()) + "."};
    if (!misshapen.empty())
        return Error{ErrorCode::ShapeMismatch, "In " + source + " the tensor " + misshapen.front() +
                                                   andMore(misshapen.size()) + "."};
    return copies;
}

} // namespace

std::string KeyMap::operator()(std::string name) const {
    for (const KeyRule& rule : rules) {
        if (rule.from.empty())
            continue;
        for (auto at = name.find(rule.from); at != std::string::npos;
             at = name.find(rule.from, at + rule.to.size()))
            name.replace(at, rule.from.size(), rule.to);
    }
    return prefix + name + suffix;
}

Result<LoadReport> loadWeights(torch::nn::Module& module, const ArrayMap& checkpoint,
                               const std::string& source, const KeyMap& keys) {
    STRATA_ASSIGN(const std::vector<Copy> copies, pair(module, checkpoint, source, keys));
    std::vector<torch::Tensor> values;
    for (const Copy& copy : copies) {
        STRATA_ASSIGN(torch::Tensor value, toTensor(*copy.source, copy.key));
        values.push_back(std::move(value));
    }
    {
        const torch::NoGradGuard noGrad;
        for (std::size_t i = 0; i < copies.size(); ++i) {
            torch::Tensor target = copies[i].target;
            target.copy_(values[i]);
        }
    }
    LoadReport report;
    report.loaded = copies.size();
    std::set<std::string> used;
    for (const Copy& copy : copies)
        used.insert(copy.key);
    for (const auto& [key, array] : checkpoint)
        if (!used.contains(key) && key.starts_with(keys.prefix))
            report.unexpected.push_back(key);
    return report;
}

std::string describe(const LoadReport& report, const std::string& source) {
    if (report.unexpected.empty())
        return {};
    constexpr std::size_t kShown = 5;
    std::string text = source + " has " + std::to_string(report.unexpected.size()) +
                       " tensors that are not used: ";
    for (std::size_t i = 0; i < std::min(kShown, report.unexpected.size()); ++i)
        text.append(i ? ", " : "").append(report.unexpected[i]);
    return text + (report.unexpected.size() > kShown ? ", …" : ".");
}

} // namespace strata
