// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"
#include "engine/models/model_manifest.h"

#include <filesystem>
#include <string>
#include <vector>

namespace strata {

enum class ModelState { Missing, Ready, Damaged };

/// The models this installation knows and has. Files lie in `root`/<id>/<name>; the default root is
/// $STRATA_MODELS, else $XDG_DATA_HOME/strata/models, else ~/.local/share/strata/models. Those of
/// bundled models lie in such folders beside the manifests.
class ModelStore {
public:
    static Result<ModelStore> open(const std::filesystem::path& manifestFolder,
                                   std::filesystem::path root = {});

    const std::vector<ModelManifest>& manifests() const { return m_manifests; }
    const std::filesystem::path& root() const { return m_root; }
    const ModelManifest* find(const std::string& id) const;

    /// Sizes only unless `hashes`; hashes are remembered per file (size and time) so that a second
    /// look is cheap.
    ModelState state(const ModelManifest& manifest, bool hashes = false) const;

    /// The path of a model's file, verified; or one sentence that names the model, its home, size
    /// and licence and the command that gets it.
    Result<std::filesystem::path> file(const std::string& id, const std::string& name) const;

    /// Gets what is missing of a model or of a group, by `npm pack` of the exact version; verifies
    /// before keeping.
    Status fetch(const std::string& idOrGroup, const JobContext& context);

    /// Takes a file the user has: recognised by its hash, else by its content. Returns the model's
    /// id.
    Result<std::string> import(const std::filesystem::path& file);

private:
    std::filesystem::path pathOf(const ModelManifest& manifest, const ModelFile& file) const;
    ModelState stateOf(const ModelManifest& manifest, const ModelFile& file, bool hashes) const;
    Status fetchModel(const ModelManifest& manifest, const JobContext& context);
    Error missing(const ModelManifest& manifest, const ModelFile& file) const;

    std::filesystem::path m_root, m_bundle;
    std::vector<ModelManifest> m_manifests;
};

} // namespace strata
