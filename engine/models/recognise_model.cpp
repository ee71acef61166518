// SPDX-License-Identifier: Apache-2.0
#include "engine/models/recognise_model.h"

#include "engine/core/sha256.h"
#include "engine/formats/checkpoint.h"

#include <algorithm>

namespace strata {
namespace {

bool holds(const ArrayMap& arrays, const ModelFile& file) {
    return std::all_of(
               file.keys.begin(), file.keys.end(),
               [&](const auto& key) { return bool(require(arrays, key.first, "", key.second)); }) &&
           std::none_of(file.absent.begin(), file.absent.end(),
                        [&](const std::string& key) { return arrays.contains(key); });
}

} // namespace

Result<ModelMatch> recogniseModel(const std::filesystem::path& path,
                                  const std::vector<ModelManifest>& manifests) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(path, error);
    if (error)
        return Error{ErrorCode::NotFound, "Cannot open " + path.string() + "."};
    std::string hash; // read only when a size fits
    for (const ModelManifest& manifest : manifests)
        for (const ModelFile& file : manifest.files) {
            if (file.sha256.empty() || file.bytes != size)
                continue;
            if (hash.empty()) {
                STRATA_ASSIGN(hash, sha256File(path));
            }
            if (hash == file.sha256)
                return ModelMatch{&manifest, &file};
        }
    const auto arrays = readCheckpoint(path);
    if (arrays)
        for (const ModelManifest& manifest : manifests)
            for (const ModelFile& file : manifest.files)
                if (file.sha256.empty() && !file.keys.empty() && holds(*arrays, file))
                    return ModelMatch{&manifest, &file};
    return Error{ErrorCode::BadFormat, path.string() + " is not a file of a model that is known" +
                                           (arrays ? "." : ": " + arrays.error().message)};
}

} // namespace strata
