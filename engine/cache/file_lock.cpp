// SPDX-License-Identifier: Apache-2.0
#include "engine/cache/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace strata::cache {
namespace fs = std::filesystem;

int lockFile(const fs::path& path, bool wait) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return -1;
    int status = 0;
    do {
        status = ::flock(file, LOCK_EX | (wait ? 0 : LOCK_NB));
    } while (status != 0 && errno == EINTR);
    if (status == 0)
        return file;
    ::close(file);
    return -1;
}

void unlockFile(int lock) {
    if (lock >= 0)
        ::close(lock);
}

int syncPath(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno;
    const int failed = ::fsync(file) != 0 ? errno : 0;
    ::close(file);
    return failed;
}

int syncTree(const fs::path& folder) {
    std::error_code failed;
    for (const auto& entry : fs::recursive_directory_iterator(folder, failed))
        if (const int error = syncPath(entry.path()))
            return error;
    return failed ? failed.value() : syncPath(folder);
}

} // namespace strata::cache
