// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/project_file.h"

#include "engine/core/atomic_file.h"
#include "engine/project/io/json_fields.h"
#include "engine/project/io/project_json.h"
#include "engine/project/io/project_versions.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace strata {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16; // a project needs 4

bool isNestedTooDeeply(std::string_view text) {
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            ++i;
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == '[' || c == '{') && ++depth > kDeepest)
            return true;
        else if (!inString && (c == ']' || c == '}'))
            --depth;
    }
    return false;
}

Error noProject(const std::string& name) {
    return {ErrorCode::BadFormat, "The file " + name + " is not a Strata project."};
}

fs::path folderOf(const fs::path& file) {
    std::error_code failed;
    const fs::path whole = fs::absolute(file, failed);
    return (failed ? file : whole).lexically_normal().parent_path();
}

} // namespace

Result<Json> parseJson(std::string_view text, const std::string& name) {
    Json json = isNestedTooDeeply(text) ? Json(Json::value_t::discarded)
                                        : Json::parse(text, nullptr, false);
    if (!json.is_object())
        return noProject(name);
    return json;
}

Result<Project> projectFromJson(const Json& json, const fs::path& folder, const std::string& name) {
    const auto stated = json.find(kFormatKey);
    const auto version = stated == json.end() ? std::nullopt : wholeNumber(*stated, 1, INT32_MAX);
    if (!version)
        return noProject(name);
    if (*version > kProjectFormat)
        return Error{ErrorCode::BadFormat,
                     "The project file " + name + " was saved by a newer Strata (format " +
                         std::to_string(*version) + ", this one reads up to " +
                         std::to_string(kProjectFormat) + "); please update Strata to open it."};
    return readVersion1(json, folder, name);
}

Result<Project> readProject(std::string_view text, const fs::path& folder,
                            const std::string& name) {
    STRATA_ASSIGN(const Json json, parseJson(text, name));
    return projectFromJson(json, folder, name);
}

Status saveProject(const Project& project, const fs::path& file) {
    return writeFileAtomically(file, writeProject(project, folderOf(file)));
}

Result<Project> loadProject(const fs::path& file) { return loadProject(file, folderOf(file)); }

Result<Project> loadProject(const fs::path& file, const fs::path& folder) {
    STRATA_ASSIGN(const std::string text, readFile(file, kMostProjectBytes));
    return readProject(text, folder, file.string());
}

std::vector<MediaId> missingMedia(const Project& project) {
    std::vector<MediaId> missing;
    std::error_code ignored;
    for (const MediaItem& item : project.media)
        if (!fs::exists(item.path, ignored))
            missing.push_back(item.id);
    return missing;
}

} // namespace strata
