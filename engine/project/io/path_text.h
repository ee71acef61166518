// SPDX-License-Identifier: Apache-2.0
// Internal to engine/project/io.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace strata {

/// A path as UTF-8 text. File names are bytes: '%', and in a path that is not UTF-8 every byte
/// beyond ASCII, becomes %XX.
std::string pathToText(const std::filesystem::path& path);
/// The inverse; nothing for text that pathToText() cannot have made.
std::optional<std::filesystem::path> pathFromText(const std::string& text);

} // namespace strata
