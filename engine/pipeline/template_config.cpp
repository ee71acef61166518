// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/template_config.h"

#include "engine/core/atomic_file.h"

#include <nlohmann/json.hpp>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFileName = "config.json";
constexpr std::size_t kMostBytes = 1 << 20;

/// -1 for what is there but no number.
double numberIn(const nlohmann::json& object, const char* name, double otherwise) {
    const auto it = object.is_object() ? object.find(name) : object.end();
    return it == object.end() ? otherwise : it->is_number() ? it->get<double>() : -1.0;
}

} // namespace

Result<TemplateConfig> parseTemplateConfig(std::string_view text, const std::string& file) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const Error bad{ErrorCode::BadFormat,
                    "The file " + file + " is not a template's configuration."};
    if (!json.is_object())
        return bad;
    const auto crop = json.value("time_crop", nlohmann::json::object());
    const auto own = json.value("strata", nlohmann::json::object());
    const double fps = numberIn(json, "fps", 30), start = numberIn(crop, "start_idx", 0),
                 end = numberIn(crop, "end_idx", 0), portrait = numberIn(own, "portrait_frame", 0);
    const auto sane = [](double value, double low) { return value >= low && value < 1e9; };
    if (!sane(fps, 1) || !sane(start, 0) || !sane(end, 0) || !sane(portrait, 0))
        return bad;
    return TemplateConfig{int(fps), std::int64_t(start), std::int64_t(end), std::int64_t(portrait)};
}

Result<TemplateConfig> readTemplateConfig(const fs::path& folder) {
    const fs::path file = folder / kFileName;
    STRATA_ASSIGN(const std::string text, readFile(file, kMostBytes));
    return parseTemplateConfig(text, file.string());
}

Status writeTemplateConfig(const fs::path& folder, const TemplateConfig& config) {
    const nlohmann::json json = {
        {"fps", config.fps},
        {"time_crop", {{"start_idx", config.startIndex}, {"end_idx", config.endIndex}}},
        {"frame_crop", nlohmann::json::object()},
        {"layer_recover", true},
        {"strata", {{"version", 1}, {"portrait_frame", config.portraitFrame}}},
    };
    return writeFileAtomically(folder / kFileName, json.dump(2) + "\n");
}

} // namespace strata
