// SPDX-License-Identifier: Apache-2.0
// Internal to engine/cache.
#pragma once

#include <filesystem>

namespace strata::cache {

/// Opens (and creates) a file and takes its exclusive lock, which ends with the process at the
/// latest. The descriptor, or -1 if it cannot be opened or, without `wait`, someone else has it.
int lockFile(const std::filesystem::path& path, bool wait);
void unlockFile(int lock);

/// Holds the lock of a cache root while it lives.
class RootLock {
public:
    explicit RootLock(const std::filesystem::path& root)
        : m_lock(lockFile(root / "lock", true)) {}
    ~RootLock() { unlockFile(m_lock); }
    RootLock(const RootLock&) = delete;
    RootLock& operator=(const RootLock&) = delete;
    bool held() const { return m_lock >= 0; }

private:
    int m_lock;
};

/// Flushes every file of a folder, and the folder, to disk; errno of the first failure, or 0.
int syncTree(const std::filesystem::path& folder);
int syncPath(const std::filesystem::path& path);

} // namespace strata::cache
