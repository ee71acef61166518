// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

namespace strata {

/// Writes a zip file front to back, zip64 where needed. The same members give the same bytes: no
/// clock is read.
class ZipWriter {
public:
    explicit ZipWriter(const std::filesystem::path& path);

    /// With `pack`, deflated where this build can and where that is smaller.
    void add(const std::string& name, std::span<const std::byte> content, bool pack = true);
    /// Writes the directory; nothing may be added afterwards.
    Status finish();

private:
    void write(std::span<const std::byte> bytes);

    std::filesystem::path m_path;
    std::ofstream m_file;
    std::string m_directory;
    std::uint64_t m_at = 0;
    std::uint64_t m_count = 0;
};

} // namespace strata
