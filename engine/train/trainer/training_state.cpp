// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/training_state.h"

#include "engine/formats/safetensors.h"
#include "engine/nn/guard.h"
#include "engine/weights/tensor_map.h"

#include <array>
#include <bit>
#include <span>

namespace strata {
namespace {

constexpr std::size_t kNumbers = 5;

std::string quoted(const std::filesystem::path& file) {
    return "'" + file.filename().string() + "'";
}

Status fill(const ArrayMap& arrays, const std::string& key, const torch::Tensor& target,
            const std::string& file) {
    STRATA_ASSIGN(const Array array, require(arrays, key, file, target.sizes().vec()));
    STRATA_ASSIGN(const torch::Tensor values, toTensor(array, key));
    const torch::NoGradGuard noGrad;
    target.copy_(values);
    return ok();
}

Result<Settings> settingsOf(const ArrayMap& arrays, const std::string& file) {
    STRATA_ASSIGN(const Array text, require(arrays, "state/settings", file, {-1}));
    if (text.type != DType::U8)
        return Error{ErrorCode::BadFormat, file + " is no checkpoint of a training."};
    return parseSettings({reinterpret_cast<const char*>(text.bytes.data()), text.bytes.size()},
                         file);
}

/// The first setting that decides what the tensors mean and is not the same.
std::string difference(const Settings& saved, const Settings& wanted) {
    for (const auto& [name, value] : wanted) {
        const bool decides = name.starts_with("networks.") || name == "stage" ||
                             name == "precision" || name == "motion" || name == "identity";
        if (!decides || name == "networks.vae.scale")
            continue;
        const auto found = saved.find(name);
        if (found == saved.end() || found->second != value)
            return name;
    }
    return {};
}

Status readScale(const Settings& settings, TrainingNetworks& networks, const std::string& file) {
    const auto found = settings.find("networks.vae.scale");
    const double* scale = found == settings.end() ? nullptr : std::get_if<double>(&found->second);
    if (!scale || !(*scale > 0))
        return Error{ErrorCode::BadFormat, file + " does not say how its latents are scaled."};
    networks.networks->config.vae.scale = *scale;
    return ok();
}

NamedTensors frozen(const TrainingNetworks& networks) {
    NamedTensors out;
    for (auto& item : networks.all())
        if (!item.second.requires_grad())
            out.emplace_back("frozen/" + item.first, item.second);
    return out;
}

} // namespace

Result<ArrayMap> trainingState(const TrainingConfig& config, const TrainingNetworks& networks,
                               const FlatParameters& parameters, const StateNumbers& numbers) {
    ArrayMap out;
    const auto put = [&](const NamedTensors& tensors) -> Status {
        for (const auto& [name, tensor] : tensors) {
            STRATA_ASSIGN(out[name], toArray(tensor));
        }
        return ok();
    };
    STRATA_TRY(put(parameters.state()));
    STRATA_TRY(put(frozen(networks)));
    const std::array<std::int64_t, kNumbers> whole{numbers.step, numbers.updates, numbers.good,
                                                   numbers.skipped,
                                                   std::bit_cast<std::int64_t>(numbers.lossScale)};
    out["state/numbers"] = Array::of({std::int64_t(kNumbers)}, std::span(whole));
    const std::string text = settingsText(config.settings());
    out["state/settings"] =
        Array::of({std::int64_t(text.size())},
                  std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
    return out;
}

Status readTrainingState(const std::filesystem::path& path, const TrainingConfig& config,
                         TrainingNetworks& networks, FlatParameters& parameters,
                         StateNumbers& numbers) {
    const auto file = quoted(path);
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(path));
    STRATA_ASSIGN(const Settings saved, settingsOf(arrays, file));
    if (const auto name = difference(saved, config.settings()); !name.empty())
        return Error{ErrorCode::Usage, "The training cannot go on from " + file +
                                           ": it was begun with another '" + name +
                                           "'. Choose another folder to begin anew."};
    STRATA_TRY(readScale(saved, networks, file));
    STRATA_ASSIGN(const Array array,
                  require(arrays, "state/numbers", file, {std::int64_t(kNumbers)}));
    const auto whole = array.toInts();
    if (whole.size() != kNumbers || whole[0] < 0 || whole[1] < 0)
        return Error{ErrorCode::BadFormat, file + " is no checkpoint of a training."};
    numbers = {whole[0], whole[1], whole[2], whole[3], std::bit_cast<double>(whole[4])};
    return nn::guarded("Reading " + file, [&]() -> Status {
        for (const auto& [name, tensor] : parameters.state()) {
            const bool begun = name.starts_with("average/") && !arrays.contains(name);
            // An average that is kept only from now on begins with the values.
            STRATA_TRY(fill(arrays, begun ? "value/" + name.substr(8) : name, tensor, file));
        }
        for (const auto& [name, tensor] : frozen(networks))
            STRATA_TRY(fill(arrays, name, tensor, file));
        parameters.valuesChanged();
        return ok();
    });
}

Result<Settings> readTrainingSettings(const std::filesystem::path& path) {
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(path));
    return settingsOf(arrays, quoted(path));
}

Status beginFromState(const std::filesystem::path& path, TrainingNetworks& networks) {
    const auto file = quoted(path);
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(path));
    STRATA_ASSIGN(const Settings saved, settingsOf(arrays, file));
    STRATA_TRY(readScale(saved, networks, file));
    return nn::guarded("Reading " + file, [&]() -> Status {
        for (const auto& [name, tensor] : networks.all())
            for (const char* prefix : {"average/", "value/", "frozen/"})
                if (arrays.contains(prefix + name)) {
                    STRATA_TRY(fill(arrays, prefix + name, tensor, file));
                    break;
                }
        return ok();
    });
}

} // namespace strata
