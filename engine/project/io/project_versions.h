// SPDX-License-Identifier: Apache-2.0
// Internal to engine/project/io: one reader for each version of the format.
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace strata {

Result<Project> readVersion1(const nlohmann::json& json, const std::filesystem::path& folder,
                             const std::string& name);

} // namespace strata
