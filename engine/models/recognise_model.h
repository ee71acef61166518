// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/models/model_manifest.h"

#include <filesystem>
#include <vector>

namespace strata {

struct ModelMatch {
    const ModelManifest* manifest = nullptr;
    const ModelFile* file = nullptr;
};

/// Which file of which model this is: by size and hash where the manifest has one, else by the
/// arrays it holds. The file's own name does not matter.
Result<ModelMatch> recogniseModel(const std::filesystem::path& file,
                                  const std::vector<ModelManifest>& manifests);

} // namespace strata
