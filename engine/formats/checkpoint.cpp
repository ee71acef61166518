// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/checkpoint.h"

#include "engine/formats/mlmodelc.h"
#include "engine/formats/npz.h"
#include "engine/formats/pickle.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/torch_zip.h"
#include "engine/formats/zip_archive.h"

#include <algorithm>
#include <cstring>

namespace strata {
namespace {

bool begins(const FileBytes& file, std::string_view start) {
    return file.size() >= start.size() &&
           std::memcmp(file.bytes.data(), start.data(), start.size()) == 0;
}

Result<ArrayMap> readZip(const FileBytes& file) {
    STRATA_ASSIGN(const ZipArchive archive, ZipArchive::open(file));
    const bool numpy = std::any_of(archive.entries().begin(), archive.entries().end(),
                                   [](const ZipEntry& e) { return e.name.ends_with(".npy"); });
    return numpy ? parseNpz(file) : parseTorch(file);
}

} // namespace

Result<ArrayMap> readCheckpoint(const std::filesystem::path& path) {
    std::error_code none;
    if (std::filesystem::is_directory(path, none))
        return readMlmodelc(path);
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    if (file.size() == 0)
        return Error{ErrorCode::BadFormat, file.name + " is empty."};
    if (begins(file, "version https://git-lfs"))
        return Error{ErrorCode::BadFormat, file.name +
                                               " is only a pointer to the real file; get it "
                                               "with git lfs pull or download it directly."};
    if (ZipArchive::looksLikeOne(file.bytes))
        return readZip(file);
    if (begins(file, "\x93NUMPY"))
        return parseNpyTree(file);
    if (looksLikeSafetensors(file.bytes))
        return parseSafetensors(file);
    if (begins(file, "\x80")) { // a pickle, PyTorch's or an ordinary one
        if (looksLikeTorchStream(file.bytes))
            return parseTorch(file);
        STRATA_ASSIGN(const Pickle pickle, parsePickle(file));
        return flattenPickle(pickle, "/", file.name);
    }
    return Error{ErrorCode::BadFormat,
                 file.name + " is not a model file of a kind that is known (safetensors, PyTorch, "
                             "NumPy)."};
}

} // namespace strata
