// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/mapped_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace strata {

struct ZipEntry {
    std::string name;
    std::uint64_t offset = 0; // of the member's data in the file
    std::uint64_t packed = 0; // bytes in the file
    std::uint64_t size = 0;   // bytes when unpacked
    std::uint32_t crc = 0;
    std::uint16_t method = 0; // 0 stored, 8 deflated
};

/// The central directory of a zip file (zip64 as well), every entry checked to lie inside the file.
/// Stored members are handed out as views, so that a memory-mapped checkpoint costs no memory.
class ZipArchive {
public:
    static Result<ZipArchive> open(FileBytes file);
    static bool looksLikeOne(std::span<const std::byte> bytes);

    const std::string& name() const { return m_file.name; }
    const std::vector<ZipEntry>& entries() const { return m_entries; }
    const ZipEntry* find(const std::string& name) const;

    /// The member's content with its checksum verified; unpacked members may have at most `limit`
    /// bytes.
    Result<FileBytes> read(const ZipEntry& entry, std::uint64_t limit) const;
    /// A stored member as it lies in the file, checksum unread (reading it would touch every page).
    Result<FileBytes> view(const ZipEntry& entry) const;

private:
    FileBytes m_file;
    std::vector<ZipEntry> m_entries;
};

} // namespace strata
