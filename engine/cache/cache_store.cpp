// SPDX-License-Identifier: Apache-2.0
#include "engine/cache/cache_store.h"

#include "engine/cache/cache_key.h"
#include "engine/cache/cache_layout.h"
#include "engine/cache/file_lock.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <unistd.h>

namespace strata {
namespace fs = std::filesystem;
namespace {

Error cannotUse(const fs::path& root, const std::string& why) {
    return {ErrorCode::Io, "Cannot use " + root.string() + " as the cache folder: " + why + "."};
}

Error badKey(const std::string& key) {
    return {ErrorCode::Internal, "\"" + key + "\" is not a cache key."};
}

} // namespace

struct CacheStore::Impl {
    /// Must be called with the root's lock held. `keep` goes last of all.
    void evictLocked(const std::string& keep);

    fs::path root;
    std::uint64_t maxBytes = 0;
};

fs::path CacheStore::defaultRoot() {
    const auto folder = [](const char* name) {
        const char* value = std::getenv(name);
        return fs::path(value ? value : "");
    };
    if (const fs::path own = folder("STRATA_CACHE"); !own.empty())
        return own;
    if (const fs::path cache = folder("XDG_CACHE_HOME"); cache.is_absolute())
        return cache / "strata";
    return folder("HOME") / ".cache" / "strata";
}

Result<std::unique_ptr<CacheStore>> CacheStore::open(const fs::path& root, std::uint64_t maxBytes) {
    std::error_code failed;
    for (const auto& folder : {root, cache::temporaryFolder(root), cache::pinFolder(root)}) {
        fs::create_directories(folder, failed);
        if (failed)
            return cannotUse(root, failed.message());
    }
    auto impl = std::make_unique<Impl>();
    impl->root = fs::absolute(root);
    impl->maxBytes = maxBytes;
    const cache::RootLock lock(impl->root);
    if (!lock.held())
        return cannotUse(root, std::strerror(errno));
    cache::removeStaleTemporaries(impl->root);
    return std::unique_ptr<CacheStore>(new CacheStore(std::move(impl)));
}

CacheStore::CacheStore(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}

CacheStore::~CacheStore() = default;

const fs::path& CacheStore::root() const { return m_impl->root; }

std::optional<fs::path> CacheStore::find(const std::string& key) const {
    if (!isCacheKey(key))
        return {};
    fs::path folder = cache::entryFolder(m_impl->root, key);
    if (!cache::touch(folder))
        return {};
    return folder;
}

bool CacheStore::contains(const std::string& key) const {
    std::error_code failed;
    return isCacheKey(key) && fs::exists(cache::entryFolder(m_impl->root, key) / ".entry", failed);
}

Result<CacheWriter> CacheStore::create(const std::string& key) {
    if (!isCacheKey(key))
        return badKey(key);
    const fs::path folder = cache::temporaryFolder(m_impl->root) / cache::uniqueName();
    const cache::RootLock rootLock(m_impl->root); // or the folder would look stale for a moment
    const int lock = cache::lockFile(folder.string() + ".lock", true);
    std::error_code failed;
    if (lock < 0 || !fs::create_directory(folder, failed)) {
        const std::string why = failed ? failed.message() : std::strerror(errno);
        cache::unlockFile(lock);
        return cannotUse(m_impl->root, why);
    }
    return CacheWriter(*this, key, folder, lock);
}

Result<CachePins> CacheStore::pins() {
    const fs::path file = cache::pinFolder(m_impl->root) / cache::uniqueName();
    const cache::RootLock rootLock(m_impl->root);
    const int lock = cache::lockFile(file, true);
    if (lock < 0)
        return cannotUse(m_impl->root, std::strerror(errno));
    return CachePins(file, lock);
}

Status CacheStore::remove(const std::string& key) {
    if (!isCacheKey(key))
        return badKey(key);
    const cache::RootLock lock(m_impl->root);
    const fs::path folder = cache::entryFolder(m_impl->root, key);
    const auto bytes = cache::readNumber(folder / ".entry");
    if (!bytes)
        return ok();
    const std::uint64_t before = cache::usage(m_impl->root);
    if (!cache::removeEntry(m_impl->root, folder))
        return Error{ErrorCode::Io, "Cannot remove " + folder.string() + " from the cache."};
    cache::writeUsage(m_impl->root, before - std::min(before, *bytes));
    return ok();
}

std::uint64_t CacheStore::bytes() const {
    const cache::RootLock lock(m_impl->root);
    return cache::usage(m_impl->root);
}

Status CacheStore::evict() {
    const cache::RootLock lock(m_impl->root);
    if (!lock.held())
        return cannotUse(m_impl->root, std::strerror(errno));
    m_impl->evictLocked({});
    return ok();
}

void CacheStore::Impl::evictLocked(const std::string& keep) {
    if (cache::usage(root) <= maxBytes)
        return;
    std::vector<cache::Entry> entries = cache::listEntries(root);
    const std::set<std::string> pinned = cache::pinnedKeys(root);
    std::uint64_t total = 0;
    for (const auto& entry : entries)
        total += entry.bytes;
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.used < b.used; });
    for (const auto& entry : entries) {
        if (total <= maxBytes)
            break;
        if (entry.key != keep && !pinned.contains(entry.key) &&
            cache::removeEntry(root, entry.folder))
            total -= entry.bytes;
    }
    cache::writeUsage(root, total);
}

CacheWriter::CacheWriter(CacheStore& store, std::string key, fs::path folder, int lock)
    : m_store(&store)
    , m_key(std::move(key))
    , m_folder(std::move(folder))
    , m_lock(lock) {}

CacheWriter::CacheWriter(CacheWriter&& other) noexcept
    : m_store(other.m_store)
    , m_key(std::move(other.m_key))
    , m_folder(std::exchange(other.m_folder, {}))
    , m_lock(std::exchange(other.m_lock, -1)) {}

CacheWriter::~CacheWriter() {
    if (m_lock < 0)
        return;
    std::error_code ignored;
    fs::remove_all(m_folder, ignored);
    fs::remove(m_folder.string() + ".lock", ignored);
    cache::unlockFile(m_lock);
}

Result<fs::path> CacheWriter::commit() {
    const fs::path root = m_store->m_impl->root;
    const fs::path target = cache::entryFolder(root, m_key);
    if (m_lock < 0)
        return Error{ErrorCode::Internal, "This cache entry is finished already."};
    const std::uint64_t bytes = cache::folderBytes(m_folder);
    std::ofstream note(m_folder / ".entry");
    note << bytes;
    note.close();
    std::error_code failed;
    fs::create_directories(target.parent_path(), failed);
    if (const int error = cache::syncTree(m_folder); error || !note || failed)
        return Error{ErrorCode::Io, "Cannot write to the cache at " + root.string() + ": " +
                                        std::strerror(error ? error : EIO) + "."};
    cache::touch(m_folder);

    const cache::RootLock lock(root);
    const std::uint64_t before = cache::usage(root);
    fs::rename(m_folder, target, failed);
    if (failed && !fs::exists(target / ".entry"))
        return Error{ErrorCode::Io, "Cannot write to the cache at " + root.string() + ": " +
                                        failed.message() + "."};
    if (!failed) {
        cache::syncPath(target.parent_path());
        cache::writeUsage(root, before + bytes);
        m_store->m_impl->evictLocked(m_key);
    }
    std::error_code ignored;
    fs::remove_all(m_folder, ignored); // there only if another writer was faster
    fs::remove(m_folder.string() + ".lock", ignored);
    cache::unlockFile(std::exchange(m_lock, -1));
    return target;
}

CachePins::CachePins(fs::path file, int lock)
    : m_file(std::move(file))
    , m_lock(lock) {}

CachePins::CachePins(CachePins&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_lock(std::exchange(other.m_lock, -1))
    , m_keys(std::move(other.m_keys)) {}

CachePins& CachePins::operator=(CachePins&& other) noexcept {
    std::swap(m_file, other.m_file);
    std::swap(m_lock, other.m_lock);
    std::swap(m_keys, other.m_keys);
    return *this;
}

CachePins::~CachePins() {
    if (m_lock < 0)
        return;
    std::error_code ignored;
    fs::remove(m_file, ignored);
    cache::unlockFile(m_lock);
}

Status CachePins::pin(const std::vector<std::string>& keys) {
    for (const auto& key : keys)
        if (!isCacheKey(key))
            return badKey(key);
    m_keys.insert(m_keys.end(), keys.begin(), keys.end());
    std::sort(m_keys.begin(), m_keys.end());
    m_keys.erase(std::unique(m_keys.begin(), m_keys.end()), m_keys.end());
    return save();
}

Status CachePins::unpin(const std::vector<std::string>& keys) {
    std::erase_if(m_keys, [&](const std::string& key) {
        return std::find(keys.begin(), keys.end(), key) != keys.end();
    });
    return save();
}

Status CachePins::save() const {
    // In place, because the lock is on the file itself; nobody reads it without the root's lock.
    const cache::RootLock lock(m_file.parent_path().parent_path());
    std::string text;
    for (const auto& key : m_keys)
        text += key + "\n";
    if (!lock.held() || ::ftruncate(m_lock, 0) != 0 ||
        ::pwrite(m_lock, text.data(), text.size(), 0) != ssize_t(text.size()))
        return Error{ErrorCode::Io, "Cannot write " + m_file.string() + "."};
    return ok();
}

} // namespace strata
