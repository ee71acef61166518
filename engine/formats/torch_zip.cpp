// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/torch_zip.h"

#include "engine/formats/byte_reader.h"
#include "engine/formats/pickle.h"
#include "engine/formats/torch_tensors.h"
#include "engine/formats/zip_archive.h"

#include <algorithm>
#include <map>

namespace strata {
namespace {

/// A storage may be used by many tensors; a packed one is unpacked once.
class ZipStorages {
public:
    ZipStorages(const ZipArchive& archive, std::string folder, std::uint64_t limit)
        : m_archive(archive)
        , m_folder(std::move(folder))
        , m_left(limit) {
        for (const ZipEntry& entry : archive.entries())
            m_entries.emplace(entry.name, &entry);
    }

    Result<FileBytes> operator()(std::string_view key) {
        const std::string name = m_folder + "data/" + std::string(key.substr(0, 256));
        if (const auto known = m_unpacked.find(name); known != m_unpacked.end())
            return known->second;
        const auto found = m_entries.find(name);
        if (found == m_entries.end())
            return damaged(m_archive.name(), "the data '" + name + "' is not there");
        const ZipEntry& entry = *found->second;
        if (entry.method == 0)
            return m_archive.view(entry);
        STRATA_ASSIGN(FileBytes bytes, m_archive.read(entry, m_left));
        m_left -= std::min(m_left, entry.size);
        m_unpacked.emplace(name, bytes);
        return bytes;
    }

private:
    const ZipArchive& m_archive;
    std::string m_folder;
    std::uint64_t m_left;
    std::map<std::string, const ZipEntry*> m_entries;
    std::map<std::string, FileBytes> m_unpacked;
};

Result<ArrayMap> parseZip(const FileBytes& file, const TorchOptions& options,
                          const ReadLimits& limits) {
    STRATA_ASSIGN(const ZipArchive archive, ZipArchive::open(file));
    const ZipEntry* content = nullptr;
    for (const ZipEntry& entry : archive.entries())
        if (entry.name == "data.pkl" || entry.name.ends_with("/data.pkl"))
            content = &entry;
    if (!content)
        return Error{ErrorCode::BadFormat,
                     file.name + " is a zip file, but no PyTorch checkpoint."};
    const std::string folder = content->name.substr(0, content->name.size() - 8);
    if (const ZipEntry* order = archive.find(folder + "byteorder")) {
        STRATA_ASSIGN(const FileBytes text, archive.read(*order, 64));
        if (text.size() == 3)
            return Error{ErrorCode::BadFormat,
                         file.name + " was saved on a big-endian machine, which is not supported."};
    }
    STRATA_ASSIGN(const FileBytes program, archive.read(*content, limits.bytes));
    STRATA_ASSIGN(const Pickle pickle, parsePickle(program, limits));
    ZipStorages storages(archive, folder, limits.bytes);
    return collectTensors(pickle, options.stripWrappers, file, std::ref(storages), limits);
}

constexpr std::string_view kLegacyMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);

/// Before version 1.6: magic number, version, machine, content and the storages' keys as pickles,
/// then each storage as its number of values and its bytes.
Result<ArrayMap> parseLegacy(const FileBytes& file, const TorchOptions& options,
                             const ReadLimits& limits) {
    std::uint64_t at = 0;
    std::vector<Pickle> parts;
    for (int i = 0; i < 5; ++i) {
        STRATA_ASSIGN(Pickle part, parsePickle(file.part(at, file.size() - at), limits));
        at += part.size();
        parts.push_back(std::move(part));
    }
    const Pickle& content = parts[3];
    const Pickle& keys = parts[4];
    std::map<std::string, DType, std::less<>> types;
    content.each([&](const PickleNode& node) {
        if (node.kind == PickleKind::Storage)
            types.emplace(node.raw(), node.type);
    });
    std::map<std::string, FileBytes, std::less<>> storages;
    for (const PickleId id : keys.root().items) {
        ByteReader reader(file.bytes.subspan(at));
        const std::uint64_t count = reader.u64();
        const std::string key(keys.node(id).raw().substr(0, 256));
        const auto type = types.find(key);
        if (reader.failed() || type == types.end() || count > reader.left() / bytesOf(type->second))
            return damaged(file.name, "the data of its tensors was cut short");
        const std::uint64_t size = count * bytesOf(type->second);
        storages[key] = file.part(at + 8, size);
        at += 8 + size;
    }
    const StorageSource source = [&](std::string_view key) -> Result<FileBytes> {
        const auto found = storages.find(key);
        if (found == storages.end())
            return damaged(file.name, "the data of a tensor is not there");
        return found->second;
    };
    return collectTensors(content, options.stripWrappers, file, source, limits);
}

} // namespace

bool looksLikeTorchStream(std::span<const std::byte> bytes) {
    const auto start = bytes.first(std::min<std::size_t>(bytes.size(), 64));
    const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
    return text.find(kLegacyMagic) != std::string_view::npos;
}

Result<ArrayMap> parseTorch(const FileBytes& file, const TorchOptions& options,
                            const ReadLimits& limits) {
    if (ZipArchive::looksLikeOne(file.bytes))
        return parseZip(file, options, limits);
    if (!looksLikeTorchStream(file.bytes))
        return Error{ErrorCode::BadFormat, file.name + " is not a PyTorch checkpoint."};
    return parseLegacy(file, options, limits);
}

Result<ArrayMap> readTorch(const std::filesystem::path& path, const TorchOptions& options) {
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    return parseTorch(file, options);
}

} // namespace strata
