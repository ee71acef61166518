// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/zip_archive.h"

#include "engine/formats/byte_reader.h"
#include "engine/formats/deflate.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace strata {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::size_t kEndSize = 22, kLocatorSize = 20;

struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
    std::uint64_t offset = 0;
};

std::optional<std::uint64_t> findEnd(std::span<const std::byte> file) {
    if (file.size() < kEndSize)
        return std::nullopt;
    const std::uint64_t last = file.size() - kEndSize;
    const std::uint64_t first = last > 65535 ? last - 65535 : 0; // the comment's longest
    for (std::uint64_t at = last + 1; at-- > first;)
        if (ByteReader(file.subspan(at)).u32() == kEnd)
            return at;
    return std::nullopt;
}

std::optional<Directory> readDirectory64(std::span<const std::byte> file, std::uint64_t end) {
    if (end < kLocatorSize)
        return std::nullopt;
    ByteReader locator(file.subspan(end - kLocatorSize, kLocatorSize));
    if (locator.u32() != kLocator64)
        return std::nullopt;
    locator.skip(4);
    const std::uint64_t at = locator.u64();
    if (at > file.size())
        return std::nullopt;
    ByteReader record(file.subspan(at));
    if (record.u32() != kEnd64)
        return std::nullopt;
    record.skip(28);
    Directory directory;
    directory.entries = record.u64();
    directory.bytes = record.u64();
    directory.offset = record.u64();
    return record.failed() ? std::nullopt : std::optional(directory);
}

std::optional<Directory> readDirectory(std::span<const std::byte> file) {
    const auto end = findEnd(file);
    if (!end)
        return std::nullopt;
    ByteReader record(file.subspan(*end));
    record.skip(10);
    Directory directory;
    directory.entries = record.u16();
    directory.bytes = record.u32();
    directory.offset = record.u32();
    if (directory.entries == 0xffff || directory.bytes == 0xffffffff ||
        directory.offset == 0xffffffff)
        if (const auto large = readDirectory64(file, *end))
            directory = *large;
    const bool fits =
        directory.offset <= file.size() && directory.bytes <= file.size() - directory.offset;
    return fits ? std::optional(directory) : std::nullopt;
}

/// Replaces the fields that did not fit in 32 bits by those of the zip64 extra field.
void readExtra64(std::span<const std::byte> extra, ZipEntry& entry, std::uint64_t& local) {
    ByteReader reader(extra);
    while (!reader.failed() && reader.left() >= 4) {
        const std::uint16_t id = reader.u16();
        const std::uint16_t size = reader.u16();
        const auto field = reader.take(size);
        if (reader.failed() || id != 1)
            continue;
        ByteReader values(field);
        for (std::uint64_t* value : {&entry.size, &entry.packed, &local})
            if (*value == 0xffffffff && values.left() >= 8)
                *value = values.u64();
    }
}

/// The data begins after the local header, whose own name and extra field may differ in length.
bool locate(std::span<const std::byte> file, std::uint64_t local, ZipEntry& entry) {
    if (local > file.size())
        return false;
    ByteReader header(file.subspan(local));
    if (header.u32() != kLocal)
        return false;
    header.skip(22);
    const std::uint16_t name = header.u16();
    const std::uint16_t extra = header.u16();
    header.skip(std::uint64_t(name) + extra);
    entry.offset = local + header.at();
    return !header.failed() && entry.packed <= file.size() - entry.offset;
}

/// Members that share their data would let a small file unpack without end.
bool overlap(const std::vector<ZipEntry>& entries) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const ZipEntry& entry : entries)
        ranges.emplace_back(entry.offset, entry.offset + entry.packed);
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].first < ranges[i - 1].second)
            return true;
    return false;
}

} // namespace

Result<ZipArchive> ZipArchive::open(FileBytes file) {
    const auto directory = readDirectory(file.bytes);
    if (!directory)
        return damaged(file.name, "it has no zip directory, so it was probably cut short");
    ZipArchive archive;
    ByteReader reader(file.bytes.subspan(directory->offset, directory->bytes));
    for (std::uint64_t i = 0; i < directory->entries; ++i) {
        ZipEntry entry;
        const bool signature = reader.u32() == kCentral;
        reader.skip(4);
        const std::uint16_t flags = reader.u16();
        entry.method = reader.u16();
        reader.skip(4);
        entry.crc = reader.u32();
        entry.packed = reader.u32();
        entry.size = reader.u32();
        const std::uint16_t nameSize = reader.u16();
        const std::uint16_t extraSize = reader.u16();
        const std::uint16_t commentSize = reader.u16();
        reader.skip(8);
        std::uint64_t local = reader.u32();
        entry.name = reader.text(nameSize);
        readExtra64(reader.take(extraSize), entry, local);
        reader.skip(commentSize);
        if (reader.failed() || !signature || !locate(file.bytes, local, entry))
            return damaged(file.name, "the zip directory is broken");
        if (flags & 1)
            return Error{ErrorCode::BadFormat,
                         file.name + " is encrypted, which is not supported."};
        archive.m_entries.push_back(std::move(entry));
    }
    if (overlap(archive.m_entries))
        return damaged(file.name, "its members lie over one another");
    archive.m_file = std::move(file);
    return archive;
}

bool ZipArchive::looksLikeOne(std::span<const std::byte> bytes) {
    const std::uint32_t magic = ByteReader(bytes).u32();
    return magic == kLocal || magic == kEnd;
}

const ZipEntry* ZipArchive::find(const std::string& name) const {
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const ZipEntry& entry) { return entry.name == name; });
    return found == m_entries.end() ? nullptr : &*found;
}

Result<FileBytes> ZipArchive::view(const ZipEntry& entry) const {
    const std::string name = m_file.name + ":" + entry.name;
    if (entry.method != 0)
        return Error{ErrorCode::BadFormat, name + " is compressed where it must not be."};
    if (entry.packed != entry.size)
        return damaged(name, "its two sizes differ");
    FileBytes part = m_file.part(entry.offset, entry.packed);
    part.name = name;
    return part;
}

Result<FileBytes> ZipArchive::read(const ZipEntry& entry, std::uint64_t limit) const {
    const std::string name = m_file.name + ":" + entry.name;
    FileBytes content;
    if (entry.method == 0) {
        STRATA_ASSIGN(content, view(entry));
    } else if (entry.method == 8) {
        if (entry.size > limit)
            return Error{ErrorCode::OutOfMemory, name + " is too large to unpack."};
        STRATA_ASSIGN(auto bytes,
                      inflate(m_file.bytes.subspan(entry.offset, entry.packed), entry.size, name));
        content = FileBytes::own(std::move(bytes), name);
    } else {
        return Error{ErrorCode::BadFormat, name + " is packed by a method that is not supported."};
    }
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION // fuzzers would never get past a checksum
    if (crc32(content.bytes) != entry.crc)
        return damaged(name, "its checksum is wrong");
    if (entry.method == 0) // a look at the sum alone shall not fill the memory
        releasePages(content.bytes, content.owner);
#endif
    return content;
}

} // namespace strata
