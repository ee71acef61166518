// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace strata {

using SettingValue = std::variant<bool, double, std::string, std::vector<double>>;

/// What a settings file (JSON) says, by name; names of nested objects are joined by points:
/// "networks.vae.scale".
using Settings = std::map<std::string, SettingValue>;

/// BadFormat names `source` and what was being read.
Result<Settings> parseSettings(std::string_view json, const std::string& source);

/// JSON that parses to the same, bit for bit.
std::string settingsText(const Settings& settings);

} // namespace strata
