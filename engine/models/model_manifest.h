// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// One file of a model, as its manifest in assets/models/ describes it.
struct ModelFile {
    std::string name;        // below the model's folder
    std::uint64_t bytes = 0; // 0 when not known; with a hash exact, else what to expect
    std::string sha256;      // empty when not known
    std::string package; // npm package@exact-version that holds it, empty when the user supplies it
    std::string member;  // path inside the package
    /// What tells the file by its content where no hash is known: arrays it has, with their shape
    /// (-1: any extent), and arrays it has not.
    std::map<std::string, std::vector<std::int64_t>> keys;
    std::vector<std::string> absent;
};

struct ModelManifest {
    std::string id;    // "modnet"
    std::string group; // "lite", "mimo", "small"
    std::string title;
    std::string purpose;
    std::string license;
    std::string home;     // where the authors publish it
    bool bundled = false; // its files come with the program, beside the manifest
    std::vector<ModelFile> files;

    std::uint64_t bytes() const; // of all files, 0 when one is not known
};

/// Checked: names stay inside the model's folder, packages have an exact version, hashes are
/// hashes.
Result<ModelManifest> parseManifest(std::string_view json, const std::string& name);

/// All manifests (*.json) of a folder, sorted by group and id.
Result<std::vector<ModelManifest>> readManifests(const std::filesystem::path& folder);

} // namespace strata
