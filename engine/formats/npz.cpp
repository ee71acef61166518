// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/npz.h"

#include "engine/core/atomic_file.h"
#include "engine/formats/npy.h"
#include "engine/formats/pickle.h"
#include "engine/formats/zip_archive.h"
#include "engine/formats/zip_writer.h"

namespace strata {
namespace {

constexpr std::string_view kSuffix = ".npy";

/// What an array of Python objects has below it: numbers by their path, "" for a lone array.
Result<ArrayMap> parseObjects(const FileBytes& file, const NpyHeader& header,
                              const ReadLimits& limits) {
    const FileBytes data = file.part(header.dataOffset, file.size() - header.dataOffset);
    STRATA_ASSIGN(const Pickle pickle, parsePickle(data, limits));
    return flattenPickle(pickle, "/", file.name, limits);
}

/// Objects add what is below them as "name/path".
Status addMember(const FileBytes& member, const std::string& name, const ReadLimits& limits,
                 ArrayMap& arrays) {
    STRATA_ASSIGN(const NpyHeader header, parseNpyHeader(member));
    if (!header.type.object) {
        STRATA_ASSIGN(arrays[name], parseNpy(member, limits));
        return ok();
    }
    STRATA_ASSIGN(ArrayMap below, parseObjects(member, header, limits));
    for (auto& [path, array] : below)
        arrays[path.empty() ? name : name.empty() ? path : name + "/" + path] = std::move(array);
    return ok();
}

} // namespace

Result<Array> parseNpy(const FileBytes& file, const ReadLimits& limits) {
    STRATA_ASSIGN(NpyHeader header, parseNpyHeader(file));
    if (header.type.object) {
        STRATA_ASSIGN(ArrayMap arrays, parseObjects(file, header, limits));
        if (arrays.size() == 1 && arrays.begin()->first.empty())
            return std::move(arrays.begin()->second);
        return Error{ErrorCode::BadFormat, file.name + " holds Python objects instead of numbers."};
    }
    const FileBytes data = file.part(header.dataOffset, file.size() - header.dataOffset);
    return arrayFromNumpy(header.type, std::move(header.shape), header.fortran, data, limits);
}

Result<ArrayMap> parseNpz(const FileBytes& file, const ReadLimits& limits) {
    if (!ZipArchive::looksLikeOne(file.bytes))
        return Error{ErrorCode::BadFormat, file.name + " is not a NumPy .npz file."};
    STRATA_ASSIGN(const ZipArchive archive, ZipArchive::open(file));
    ArrayMap arrays;
    std::uint64_t left = limits.bytes;
    for (const ZipEntry& entry : archive.entries()) {
        if (!entry.name.ends_with(kSuffix))
            continue;
        STRATA_ASSIGN(const FileBytes member, archive.read(entry, left));
        left -= entry.method == 0 ? 0 : std::min(left, entry.size);
        const std::string name = entry.name.substr(0, entry.name.size() - kSuffix.size());
        STRATA_TRY(addMember(member, name, {left}, arrays));
    }
    return arrays;
}

Result<ArrayMap> parseNpyTree(const FileBytes& file, const ReadLimits& limits) {
    ArrayMap arrays;
    STRATA_TRY(addMember(file, "", limits, arrays));
    return arrays;
}

Result<ArrayMap> readNpz(const std::filesystem::path& path) {
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    return parseNpz(file);
}

Result<Array> readNpy(const std::filesystem::path& path) {
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    return parseNpy(file);
}

Status writeNpz(const std::filesystem::path& path, const ArrayMap& arrays) {
    AtomicFile target(path);
    ZipWriter writer(target.path());
    for (const auto& [name, array] : arrays) {
        const std::string bytes = npyBytes(array);
        writer.add(name + std::string(kSuffix), std::as_bytes(std::span(bytes)));
    }
    STRATA_TRY(writer.finish());
    return target.commit();
}

Status writeNpy(const std::filesystem::path& path, const Array& array) {
    return writeFileAtomically(path, npyBytes(array));
}

} // namespace strata
