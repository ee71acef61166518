// SPDX-License-Identifier: Apache-2.0
#include "engine/cache/cache_layout.h"

#include "engine/cache/cache_key.h"
#include "engine/cache/file_lock.h"
#include "engine/core/atomic_file.h"

#include <atomic>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace strata::cache {
namespace fs = std::filesystem;

fs::path entryFolder(const fs::path& root, const std::string& key) {
    return root / key.substr(0, 2) / key;
}

std::string uniqueName() {
    static std::atomic<unsigned> counter{0};
    return std::to_string(::getpid()) + "-" + std::to_string(std::time(nullptr)) + "-" +
           std::to_string(counter++);
}

bool touch(const fs::path& folder) {
    // The clock's own nanoseconds: UTIME_NOW has the kernel's coarser ones, too coarse to order
    // uses.
    timespec times[2];
    ::clock_gettime(CLOCK_REALTIME, &times[0]);
    times[1] = times[0];
    return ::utimensat(AT_FDCWD, (folder / ".entry").c_str(), times, 0) == 0 ||
           fs::exists(folder / ".entry");
}

std::optional<std::uint64_t> readNumber(const fs::path& file) {
    const auto text = readFile(file, 64);
    std::uint64_t value = 0;
    if (!text ||
        std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc())
        return {};
    return value;
}

std::vector<Entry> listEntries(const fs::path& root) {
    std::vector<Entry> entries;
    std::error_code failed;
    for (const auto& group : fs::directory_iterator(root, failed)) {
        if (group.path().filename().string().size() != 2 || !group.is_directory(failed))
            continue;
        for (const auto& item : fs::directory_iterator(group.path(), failed)) {
            const std::string key = item.path().filename().string();
            const fs::path note = item.path() / ".entry";
            if (!isCacheKey(key))
                continue;
            const auto used = fs::last_write_time(note, failed);
            const auto bytes = readNumber(note);
            entries.push_back({key, item.path(), bytes ? *bytes : folderBytes(item.path()), used});
        }
    }
    return entries;
}

std::set<std::string> pinnedKeys(const fs::path& root) {
    std::set<std::string> keys;
    std::error_code failed;
    for (const auto& item : fs::directory_iterator(pinFolder(root), failed)) {
        const int lock = lockFile(item.path(), false);
        if (lock >= 0) { // nobody holds it: its process is gone
            fs::remove(item.path(), failed);
            unlockFile(lock);
            continue;
        }
        std::ifstream in(item.path());
        for (std::string key; std::getline(in, key);)
            keys.insert(key);
    }
    return keys;
}

void removeStaleTemporaries(const fs::path& root) {
    std::error_code failed;
    std::vector<fs::path> items;
    for (const auto& item : fs::directory_iterator(temporaryFolder(root), failed))
        items.push_back(item.path());
    for (const auto& item : items) {
        const bool isLock = item.extension() == ".lock";
        const fs::path guard = isLock ? item : fs::path(item.string() + ".lock");
        fs::path folder = item;
        if (isLock)
            folder.replace_extension();
        const int lock = lockFile(guard, false);
        if (lock < 0)
            continue;
        fs::remove_all(folder, failed);
        fs::remove(guard, failed);
        unlockFile(lock);
    }
}

bool removeEntry(const fs::path& root, const fs::path& folder) {
    const fs::path gone = temporaryFolder(root) / uniqueName();
    std::error_code failed;
    fs::rename(folder, gone, failed);
    if (failed)
        return false;
    fs::remove_all(gone, failed);
    return true;
}

void writeUsage(const fs::path& root, std::uint64_t bytes) {
    // Lost in a crash at worst, and then counted again; no need to wait for the disk.
    const fs::path fresh = root / "usage.new";
    std::ofstream(fresh) << bytes;
    std::error_code failed;
    fs::rename(fresh, root / "usage", failed);
}

std::uint64_t usage(const fs::path& root) {
    if (const auto known = readNumber(root / "usage"))
        return *known;
    std::uint64_t bytes = 0;
    for (const Entry& entry : listEntries(root))
        bytes += entry.bytes;
    writeUsage(root, bytes);
    return bytes;
}

std::uint64_t folderBytes(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code failed;
    for (const auto& entry : fs::recursive_directory_iterator(folder, failed))
        if (entry.is_regular_file(failed))
            bytes += entry.file_size(failed);
    return bytes;
}

} // namespace strata::cache
