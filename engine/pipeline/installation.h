// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/core/assets_folder.h"
#include "engine/models/model_store.h"

#include <filesystem>

namespace strata {

Result<ModelStore> openModelStore();

struct InstalledBody {
    BodyModel model;
    std::string key; // SHA-256 of the file
};

/// The body to fit: the user's own SMPL file when `file` is given, else the free body that ships.
Result<InstalledBody> loadInstalledBody(const std::filesystem::path& file = {});

/// What the networks run on here: the kind that --device means, and a name for people.
struct InstalledDevice {
    std::string kind; // cpu, cuda
    std::string name;
};
InstalledDevice installedDevice();

} // namespace strata
