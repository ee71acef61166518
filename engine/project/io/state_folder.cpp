// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/state_folder.h"

#include <cstdlib>
#include <system_error>

namespace strata {
namespace fs = std::filesystem;

fs::path stateFolder() {
    // The XDG base directory specification says that relative paths are to be ignored.
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && fs::path(state).is_absolute())
        return fs::path(state) / "strata";
    if (const char* home = std::getenv("HOME"); home && fs::path(home).is_absolute())
        return fs::path(home) / ".local/state/strata";
    std::error_code ignored;
    return fs::temp_directory_path(ignored) / "strata-state";
}

} // namespace strata
