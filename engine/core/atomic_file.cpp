// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"

#include <atomic>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace strata {
namespace fs = std::filesystem;
namespace {

fs::path temporaryFor(const fs::path& target) {
    static std::atomic<unsigned> counter{0};
    auto name = "." + target.stem().string() + ".part-" + std::to_string(::getpid()) + "-" +
                std::to_string(counter++) + target.extension().string();
    return target.parent_path() / name;
}

void syncToDisk(const fs::path& path) {
    if (const int fd = ::open(path.c_str(), O_RDONLY); fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
}

} // namespace

AtomicFile::AtomicFile(fs::path target)
    : m_target(std::move(target))
    , m_temporary(temporaryFor(m_target)) {}

AtomicFile::~AtomicFile() {
    if (m_committed)
        return;
    std::error_code ignored;
    fs::remove_all(m_temporary, ignored);
}

Status AtomicFile::commit() {
    syncToDisk(m_temporary);
    std::error_code failed;
    fs::rename(m_temporary, m_target, failed);
    if (failed)
        return Error{ErrorCode::Io,
                     "Cannot write " + m_target.string() + ": " + failed.message() + "."};
    syncToDisk(m_target.has_parent_path() ? m_target.parent_path() : fs::path("."));
    m_committed = true;
    return ok();
}

Status writeFileAtomically(const fs::path& target, std::string_view content) {
    AtomicFile file(target);
    std::ofstream out(file.path(), std::ios::binary);
    out.write(content.data(), std::streamsize(content.size()));
    out.close();
    if (!out)
        return Error{ErrorCode::Io, "Cannot write " + target.string() + "."};
    return file.commit();
}

Result<std::string> readFile(const fs::path& path, std::uintmax_t limit) {
    std::error_code failed;
    if (!fs::is_regular_file(path, failed))
        return Error{ErrorCode::NotFound, "There is no file " + path.string() + "."};
    const auto size = fs::file_size(path, failed);
    if (failed || size > limit)
        return Error{ErrorCode::BadFormat, "The file " + path.string() + " is too large to read."};
    std::string content(size, '\0');
    std::ifstream in(path, std::ios::binary);
    if (!in.read(content.data(), std::streamsize(size)))
        return Error{ErrorCode::Io, "Cannot read " + path.string() + "."};
    return content;
}

} // namespace strata
