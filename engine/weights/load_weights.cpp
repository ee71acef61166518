// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/load_weights.h"

#include "engine/formats/mapped_file.h"
#include "engine/weights/tensor_map.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace strata {
namespace {

using Shape = std::vector<std::int64_t>;

struct Copy {
    torch::Tensor target;
    const Array* source = nullptr;
    std::string key, file;
};

std::string andMore(std::size_t count) {
    return count > 1 ? " (and " + std::to_string(count - 1) + " more)" : "";
}

std::string joined(const std::vector<WeightSource>& sources) {
    std::string text;
    for (std::size_t i = 0; i < sources.size(); ++i)
        text += (i == 0 ? "" : i + 1 < sources.size() ? ", " : " and ") + sources[i].name;
    return text;
}

/// The last source that has the key.
const WeightSource* sourceOf(const std::vector<WeightSource>& sources, const std::string& key) {
    for (auto source = sources.rbegin(); source != sources.rend(); ++source)
        if (source->tensors->contains(key))
            return &*source;
    return nullptr;
}

Shape withoutOnes(Shape shape) {
    while (!shape.empty() && shape.back() == 1)
        shape.pop_back();
    return shape;
}

bool fits(const Shape& given, const Shape& wanted, bool widened) {
    if (withoutOnes(given) == withoutOnes(wanted))
        return true;
    if (!widened || given.size() != wanted.size() || wanted.size() < 2 || given[1] > wanted[1])
        return false;
    Shape wide = given;
    wide[1] = wanted[1];
    return wide == wanted;
}

/// Whole numbers do not become weights: they would be those of a quantised network.
bool suits(DType given, const torch::Tensor& target) {
    const bool floating =
        given == DType::F16 || given == DType::BF16 || given == DType::F32 || given == DType::F64;
    return floating || !target.is_floating_point();
}

/// What keeps one tensor from its array, or "".
std::string misfit(const torch::Tensor& target, const Array& array, const std::string& key,
                   bool widened) {
    const auto wanted = target.sizes().vec();
    if (!fits(array.shape, wanted, widened))
        return "'" + key + "' has the shape " + nameOf(array.shape) + " instead of " +
               nameOf(wanted);
    if (const auto bytes = bytesOf(array.type, array.shape);
        array.type == DType::Text || !bytes || *bytes != array.bytes.size())
        return "'" + key + "' does not hold the numbers that its shape needs";
    if (!suits(array.type, target))
        return "'" + key + "' has the type " + nameOf(array.type) +
               " where floating-point numbers are needed";
    return {};
}

/// Pairs every tensor of the network with its array, or says what keeps them apart.
Result<std::vector<Copy>> pair(const torch::nn::Module& module,
                               const std::vector<WeightSource>& sources,
                               const LoadOptions& options) {
    auto targets = module.named_parameters().pairs();
    for (const auto& buffer : module.named_buffers().pairs())
        targets.push_back(buffer);
    std::vector<Copy> copies;
    std::vector<std::string> missing, misshapen;
    std::string misshapenFile;
    for (const auto& [name, target] : targets) {
        const std::string key = options.keys(name);
        const WeightSource* source = sourceOf(sources, key);
        if (!source) {
            missing.push_back("'" + key + "'");
            continue;
        }
        const Array& array = source->tensors->at(key);
        const auto& wide = options.widened;
        const bool widened = std::find(wide.begin(), wide.end(), name) != wide.end();
        if (const auto text = misfit(target, array, key, widened); !text.empty()) {
            misshapenFile = misshapen.empty() ? source->name : misshapenFile;
            misshapen.push_back(text);
        }
        copies.push_back({target, &array, key, source->name});
    }
    if (!missing.empty())
        return Error{ErrorCode::NotFound,
                     joined(sources) + (sources.size() > 1 ? " have" : " has") + " no tensor " +
                         missing.front() + andMore(missing.size()) + "."};
    if (!misshapen.empty())
        return Error{ErrorCode::ShapeMismatch, "In " + misshapenFile + " the tensor " +
                                                   misshapen.front() + andMore(misshapen.size()) +
                                                   "."};
    return copies;
}

/// Sums are as good as a look at every value, and faster: nothing finite adds up to infinity here,
/// as doubles and floats of a network are small.
bool allFinite(const torch::Tensor& x) {
    if (!x.is_floating_point() || x.numel() == 0 || x.is_meta())
        return true;
    const auto sum = x.sum(x.scalar_type() == torch::kFloat64 ? torch::kFloat64 : torch::kFloat32);
    return std::isfinite(sum.item<double>()) || at::isfinite(x).all().item<bool>();
}

Status fill(const Copy& copy, bool finite) {
    STRATA_ASSIGN(torch::Tensor value, toTensor(*copy.source, copy.key));
    torch::Tensor target = copy.target;
    if (value.numel() == target.numel()) {
        target.copy_(value.reshape(target.sizes()));
    } else { // narrower than the network's
        target.zero_();
        target.narrow(1, 0, value.size(1)).copy_(value);
    }
    releasePages(copy.source->bytes, copy.source->owner);
    if (finite && !allFinite(target))
        return Error{ErrorCode::BadFormat, "In " + copy.file + " the tensor '" + copy.key +
                                               "' holds values that are not finite numbers."};
    return ok();
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
    LoadOptions options;
    options.keys = keys;
    return loadWeights(module, {{&checkpoint, source}}, options);
}

Result<LoadReport> loadWeights(torch::nn::Module& module, const std::vector<WeightSource>& sources,
                               const LoadOptions& options) {
    STRATA_ASSIGN(const std::vector<Copy> copies, pair(module, sources, options));
    const torch::NoGradGuard noGrad;
    for (const Copy& copy : copies)
        STRATA_TRY(fill(copy, options.finite));
    LoadReport report;
    report.loaded = copies.size();
    std::set<std::string> seen;
    for (const Copy& copy : copies)
        seen.insert(copy.key);
    for (const WeightSource& source : sources)
        for (const auto& [key, array] : *source.tensors)
            if (key.starts_with(options.keys.prefix) && seen.insert(key).second &&
                !(options.ignores && options.ignores(key)))
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
