// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/mapped_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace strata {
namespace {

struct Unmap {
    std::size_t size = 0;
    void operator()(const void* start) const { ::munmap(const_cast<void*>(start), size); }
};

} // namespace

FileBytes FileBytes::part(std::uint64_t offset, std::uint64_t count) const {
    return {bytes.subspan(offset, count), owner, name};
}

FileBytes FileBytes::own(std::vector<std::byte> bytes, std::string name) {
    auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    return {std::span(*owner), owner, std::move(name)};
}

Result<FileBytes> mapFile(const std::filesystem::path& path) {
    const std::string name = path.string();
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        const auto code = errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
        return Error{code, "Cannot open " + name + ": " + std::strerror(errno) + "."};
    }
    struct stat info {};
    if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(file);
        return Error{ErrorCode::BadFormat, name + " is not a file."};
    }
    const auto size = std::size_t(info.st_size);
    if (size == 0) {
        ::close(file);
        return FileBytes{{}, nullptr, name};
    }
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    const int reason = errno;
    ::close(file); // the mapping keeps the file
    if (address == MAP_FAILED)
        return Error{ErrorCode::Io, "Cannot read " + name + ": " + std::strerror(reason) + "."};
    std::shared_ptr<const void> owner(static_cast<const void*>(address), Unmap{size});
    return FileBytes{{static_cast<const std::byte*>(address), size}, std::move(owner), name};
}

void releasePages(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner) {
    if (bytes.empty() || !std::get_deleter<Unmap>(owner))
        return; // other memory would lose its content
    const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(bytes.data()) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.data()) + bytes.size();
    ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

Error damaged(const std::string& name, const std::string& detail) {
    return {ErrorCode::BadFormat, name + " is damaged: " + detail + "."};
}

} // namespace strata
