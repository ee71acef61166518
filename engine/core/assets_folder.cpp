// SPDX-License-Identifier: Apache-2.0
#include "engine/core/assets_folder.h"

#include <cstdlib>

namespace strata {
namespace fs = std::filesystem;

Result<fs::path> assetsFolder() {
    if (const char* chosen = std::getenv("STRATA_ASSETS"))
        return fs::path(chosen);
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    for (const fs::path& candidate :
         {program.parent_path().parent_path() / "share/strata", fs::path(STRATA_SOURCE_ASSETS)})
        if (fs::is_directory(candidate / "models", failed))
            return candidate;
    return Error{ErrorCode::NotFound, "Strata's own data is missing; set STRATA_ASSETS to the "
                                      "folder that holds body/ and models/."};
}

} // namespace strata
