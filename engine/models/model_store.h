// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace strata {

/// One file of a model, as its manifest in assets/models/ describes it.
struct ModelFile {
    std::string name;   // below the model's folder
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string package; // npm package@exact-version that holds it, empty when the user supplies it
    std::string member;  // path inside the package
};

struct ModelManifest {
    std::string id;      // "modnet"
    std::string group;   // "lite", "mimo", "small"
    std::string title;
    std::string purpose;
    std::string license;
    std::string home;    // where the authors publish it
    std::vector<ModelFile> files;
};

enum class ModelState { Missing, Ready, Damaged };

/// The models this installation knows and has. Files lie in `root`/<id>/<name>; the default root is
/// $STRATA_MODELS, else $XDG_DATA_HOME/strata/models, else ~/.local/share/strata/models.
class ModelStore {
public:
    static Result<ModelStore> open(const std::filesystem::path& manifestFolder, std::filesystem::path root = {});

    const std::vector<ModelManifest>& manifests() const { return m_manifests; }
    const std::filesystem::path& root() const { return m_root; }

    /// Sizes only unless `hashes`; hashes are remembered per file (size and time) so that a second look is cheap.
    ModelState state(const ModelManifest& manifest, bool hashes = false) const;

    /// The path of a model's file, verified; or one sentence that names the model, its home, size and licence and the
    /// command that gets it.
    Result<std::filesystem::path> file(const std::string& id, const std::string& name) const;

    /// Gets what is missing of a model or of a group, by `npm pack` of the exact version; verifies before keeping.
    Status fetch(const std::string& idOrGroup, const JobContext& context);

    /// Takes a file the user has: recognised by its hash, else by its content. Returns the model's id.
    Result<std::string> import(const std::filesystem::path& file);

private:
    std::filesystem::path m_root;
    std::vector<ModelManifest> m_manifests;
};

} // namespace strata
