// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <filesystem>

namespace strata {

/// Whether a file can be written there, asked before hours of work go into it.
Status checkOutputFile(const std::filesystem::path& file);
/// Whether a folder can be created there. One that exists and is not empty is refused unless
/// `overwrite`.
Status checkOutputFolder(const std::filesystem::path& folder, bool overwrite);

} // namespace strata
