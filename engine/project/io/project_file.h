// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace strata {

/// The newest version of the .strata format, the one that is written. Files of every older one can
/// be read.
inline constexpr int kProjectFormat = 1;
inline constexpr std::uintmax_t kMostProjectBytes = 64u << 20;

/// Text of a .strata file (JSON). `folder` is where the file will lie: media below it or beside it
/// are written relative to it, with the absolute path as a hint for when only the project moves.
std::string writeProject(const Project& project, const std::filesystem::path& folder);
/// The project in the text, of a file in `folder`. `name` names the file in errors. BadFormat, with
/// one sentence that says which, for a file of a newer Strata, for one that is no project and for
/// one that is damaged. Memory stays within some twenty times the text; nothing is thrown.
Result<Project> readProject(std::string_view text, const std::filesystem::path& folder,
                            const std::string& name);

Status saveProject(const Project& project, const std::filesystem::path& file);
Result<Project> loadProject(const std::filesystem::path& file);
/// A copy of a project file that lies elsewhere, a backup say: its relative paths start at
/// `folder`.
Result<Project> loadProject(const std::filesystem::path& file, const std::filesystem::path& folder);

/// Media whose files are not there.
std::vector<MediaId> missingMedia(const Project& project);

} // namespace strata
