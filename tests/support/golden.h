// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/formats/array.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace strata::test {

/// Numbers of the official implementation: files of tests/golden, which are part of the project, or
/// of the full set beside it where that is there. Nothing when neither has the file.
std::optional<std::filesystem::path> goldenFile(const std::string& name);

/// The arrays of such a file; empty when it is not there or cannot be read.
ArrayMap golden(const std::string& name);

/// Weights of a small network, "denoising_unet" say. Their values are random numbers of a known
/// generator, rounded to coarse grids, so a recipe of a few kilobytes stands for megabytes.
Result<ArrayMap> goldenWeights(const std::string& network);

/// Names and shapes of a full-size network, "vae" say, from its manifest.
Result<std::map<std::string, std::vector<std::int64_t>>> goldenManifest(const std::string& network);

/// Those whose names begin with `prefix`, without it.
ArrayMap goldenPart(const ArrayMap& arrays, const std::string& prefix);

} // namespace strata::test
