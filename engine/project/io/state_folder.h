// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace strata {

/// Where autosaves and backups are kept: $XDG_STATE_HOME/strata, or ~/.local/state/strata; below
/// the folder for temporary files when there is no home.
std::filesystem::path stateFolder();

} // namespace strata
