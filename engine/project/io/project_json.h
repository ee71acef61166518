// SPDX-License-Identifier: Apache-2.0
// Internal to engine/project/io.
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace strata {

inline constexpr std::string_view kFormatKey = "strata_project"; // its value is the version

/// In the form of the newest version.
nlohmann::json projectToJson(const Project& project, const std::filesystem::path& folder);
/// From any version up to the newest. BadFormat, naming the field, when something is missing or not
/// what it should be, or when the whole breaks a promise of Project. `name` names the file.
Result<Project> projectFromJson(const nlohmann::json& json, const std::filesystem::path& folder,
                                const std::string& name);

/// Parses text that may be anything into an object; BadFormat when it is no JSON or nested deeper
/// than any project.
Result<nlohmann::json> parseJson(std::string_view text, const std::string& name);

} // namespace strata
