// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/installation.h"

#include "engine/core/parallel.h"
#include "engine/core/sha256.h"
#include "engine/synth/mimo/device_memory.h"

#include <cstdlib>
#include <fstream>

namespace strata {
namespace fs = std::filesystem;
namespace {

std::string processorName() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (const auto colon = line.find(": ");
            line.starts_with("model name") && colon != std::string::npos)
            return line.substr(colon + 2);
    return "processor";
}

} // namespace

Result<ModelStore> openModelStore() {
    STRATA_ASSIGN(const fs::path assets, assetsFolder());
    return ModelStore::open(assets / "models");
}

Result<InstalledBody> loadInstalledBody(const fs::path& file) {
    fs::path chosen = file;
    if (chosen.empty()) {
        STRATA_ASSIGN(const fs::path assets, assetsFolder());
        chosen = assets / "body/strata_body.npz";
    }
    STRATA_ASSIGN(BodyModel model, loadBody(chosen));
    STRATA_ASSIGN(std::string key, sha256File(chosen));
    return InstalledBody{std::move(model), std::move(key)};
}

InstalledDevice installedDevice() {
    if (std::string gpu = gpuName(); !gpu.empty())
        return {"cuda", std::move(gpu)};
    return {"cpu", processorName() + ", " + std::to_string(workerCount()) + " threads"};
}

} // namespace strata
