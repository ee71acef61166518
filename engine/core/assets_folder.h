// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <filesystem>

namespace strata {

/// Folder of the data that ships with the program: $STRATA_ASSETS, else share/strata beside the
/// program's bin/, else the assets/ of the source tree it was built from.
Result<std::filesystem::path> assetsFolder();

} // namespace strata
