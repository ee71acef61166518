// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/generator_config.h"

#include "engine/core/atomic_file.h"

#include <nlohmann/json.hpp>

#include <map>
#include <variant>

namespace strata {
namespace {

using Json = nlohmann::json;
using Number = std::int64_t;
/// Where a value of the file goes; one of the networks can have two places for it.
using Target = std::variant<std::vector<Number*>, std::vector<std::vector<Number>*>>;
using Targets = std::map<std::string, std::map<std::string, Target>>;

Target one(Number& number) { return std::vector<Number*>{&number}; }
Target list(std::vector<Number>& numbers) { return std::vector<std::vector<Number>*>{&numbers}; }

Targets targetsOf(nn::MimoConfig& c) {
    const auto both = [&c](Number nn::UnetConfig::*member) -> Target {
        return std::vector<Number*>{&(c.reference.*member), &(c.denoiser.*member)};
    };
    using Unet = nn::UnetConfig;
    return {{"unet",
             {{"channels",
               std::vector<std::vector<Number>*>{&c.reference.channels, &c.denoiser.channels}},
              {"layersPerBlock", both(&Unet::layersPerBlock)},
              {"heads", both(&Unet::heads)},
              {"contextWidth", both(&Unet::contextWidth)},
              {"groups", both(&Unet::groups)},
              {"motionHeads", both(&Unet::motionHeads)},
              {"motionFrames", both(&Unet::motionFrames)}}},
            {"pose", {{"channels", list(c.pose.channels)}}},
            {"vae",
             {{"channels", list(c.vae.channels)},
              {"layersPerBlock", one(c.vae.layersPerBlock)},
              {"groups", one(c.vae.groups)}}},
            {"clip",
             {{"width", one(c.clip.width)},
              {"layers", one(c.clip.layers)},
              {"heads", one(c.clip.heads)},
              {"hidden", one(c.clip.hidden)},
              {"patch", one(c.clip.patch)},
              {"image", one(c.clip.image)},
              {"projection", one(c.clip.projection)}}}};
}

bool put(const Json& value, const Target& target) {
    const auto whole = [](const Json& number) { return number.is_number_integer(); };
    if (const auto* numbers = std::get_if<std::vector<Number*>>(&target)) {
        if (!whole(value))
            return false;
        for (Number* number : *numbers)
            *number = value.get<Number>();
        return true;
    }
    if (!value.is_array() || !std::all_of(value.begin(), value.end(), whole))
        return false;
    for (auto* values : std::get<std::vector<std::vector<Number>*>>(target))
        *values = value.get<std::vector<Number>>();
    return true;
}

} // namespace

Result<nn::MimoConfig> readGeneratorConfig(const std::filesystem::path& file) {
    nn::MimoConfig config = nn::MimoConfig::official();
    std::error_code none;
    if (!std::filesystem::exists(file, none))
        return config;
    STRATA_ASSIGN(const std::string text, readFile(file));
    const Json root = Json::parse(text, nullptr, false);
    const auto wrong = [&file](const std::string& what) {
        return Error{ErrorCode::BadFormat,
                     "The sizes of the networks in " + file.string() + " are wrong: " + what + "."};
    };
    if (!root.is_object())
        return wrong("it is no JSON object");
    const Targets targets = targetsOf(config);
    for (const auto& [network, values] : root.items()) {
        const auto known = targets.find(network);
        if (known == targets.end() || !values.is_object())
            return wrong("there is no network \"" + network + "\"");
        for (const auto& [name, value] : values.items()) {
            const auto target = known->second.find(name);
            if (target == known->second.end() || !put(value, target->second))
                return wrong("\"" + network + "\" has no such \"" + name + "\"");
        }
    }
    config.pose.outChannels = config.denoiser.channels.empty() ? 0 : config.denoiser.channels[0];
    if (auto status = nn::check(config); !status)
        return Error{ErrorCode::BadFormat, file.string() + ": " + status.error().message};
    return config;
}

Result<double> readLatentScale(const std::filesystem::path& settings) {
    STRATA_ASSIGN(const std::string text, readFile(settings));
    const Json root = Json::parse(text, nullptr, false);
    const Json::json_pointer place("/networks/vae/scale");
    const Json scale = root.is_object() ? root.value(place, Json()) : Json();
    if (!scale.is_number() || !(scale.get<double>() > 0))
        return Error{ErrorCode::BadFormat,
                     settings.string() + " does not say how its latents are scaled."};
    return scale.get<double>();
}

} // namespace strata
