// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <filesystem>

namespace strata {

/// The constants of a compiled Core ML model whose graph is text (`model.mil`), keyed by their name
/// there, which is the network's own with dots as underscores and "_to_fp16" behind it where the
/// weights were halved. Large constants are views of the weight file; small ones stand in the text
/// itself. The graph is not read. `folder` holds model.mil and weight.bin (or weights/weight.bin).
Result<ArrayMap> readMlmodelc(const std::filesystem::path& folder);
Result<ArrayMap> parseMlmodelc(const FileBytes& graph, const FileBytes& weights);

} // namespace strata
