// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// The content of a file, or of a part of one. `owner` keeps the bytes alive (a memory map, a
/// buffer, or nothing when the caller does); `name` is what messages call it.
struct FileBytes {
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
    std::string name;

    std::uint64_t size() const { return bytes.size(); }
    /// The same file's bytes [offset, offset + count), which must lie inside.
    FileBytes part(std::uint64_t offset, std::uint64_t count) const;
    static FileBytes own(std::vector<std::byte> bytes, std::string name);
};

/// Memory-maps a whole file for reading. An empty file gives an empty span.
Result<FileBytes> mapFile(const std::filesystem::path& path);

/// Lets the system take back the memory of these bytes of a mapped file until they are read again.
/// Does nothing when `owner` is no mapping.
void releasePages(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner);

/// What a reader may allocate for one file. Views into the file do not count.
struct ReadLimits {
    std::uint64_t bytes = std::uint64_t(4) << 30;
};

/// "<name> is damaged: <detail>."
Error damaged(const std::string& name, const std::string& detail);

} // namespace strata
