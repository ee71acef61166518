// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <filesystem>
#include <map>
#include <string>

namespace strata {

/// Tensors as views of the file. Checked as the format demands: every range inside the data, of the
/// size its shape says, none overlapping and none left over.
Result<ArrayMap> readSafetensors(const std::filesystem::path& path);
Result<ArrayMap> parseSafetensors(const FileBytes& file);
bool looksLikeSafetensors(std::span<const std::byte> bytes);

/// Tensors of larger items first, each aligned to its item, through a temporary name; texts are
/// refused. `metadata` becomes the header's
/// "__metadata__".
Status writeSafetensors(const std::filesystem::path& path, const ArrayMap& arrays,
                        const std::map<std::string, std::string>& metadata = {});

} // namespace strata
