// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string_view>

namespace strata {

/// A name beside the final one to write to; the file appears under its final name, complete, at
/// commit(). Destroyed without a commit, it leaves nothing behind. The temporary name keeps the
/// final extension, so that writers that look at it (FFmpeg, OpenCV) work unchanged. Works for
/// folders as well.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    const std::filesystem::path& path() const { return m_temporary; }
    const std::filesystem::path& target() const { return m_target; }
    /// Flushes the file to disk and renames it. An existing target is replaced.
    Status commit();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    bool m_committed = false;
};

/// Writes the whole file through an AtomicFile.
Status writeFileAtomically(const std::filesystem::path& target, std::string_view content);
/// Reads a whole file of at most `limit` bytes.
Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t limit = 1u << 30);

} // namespace strata
