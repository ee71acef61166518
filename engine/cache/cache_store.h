// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace strata {

class CacheStore;

/// A folder to put the files of one new entry into. commit() makes it the entry; destroyed before,
/// it is removed.
class CacheWriter {
public:
    CacheWriter(CacheWriter&& other) noexcept;
    CacheWriter& operator=(CacheWriter&&) = delete;
    ~CacheWriter();

    const std::filesystem::path& folder() const { return m_folder; }
    std::filesystem::path file(const std::string& name) const { return m_folder / name; }
    /// Flushes the files to disk and gives the folder its place; the path of the entry. If another
    /// process was faster, its entry stays and this one is dropped: the contents are the same.
    Result<std::filesystem::path> commit();

private:
    friend class CacheStore;
    CacheWriter(CacheStore& store, std::string key, std::filesystem::path folder, int lock);

    CacheStore* m_store;
    std::string m_key;
    std::filesystem::path m_folder; // empty once done
    int m_lock = -1;
};

/// Entries that must stay while this lives, in every process. Dies with the process, also when it
/// crashes.
class CachePins {
public:
    CachePins(CachePins&& other) noexcept;
    CachePins& operator=(CachePins&& other) noexcept;
    ~CachePins();

    /// Adds keys; they need not be there yet.
    Status pin(const std::vector<std::string>& keys);
    Status unpin(const std::vector<std::string>& keys);

private:
    friend class CacheStore;
    CachePins(std::filesystem::path file, int lock);
    Status save() const;

    std::filesystem::path m_file;
    int m_lock = -1;
    std::vector<std::string> m_keys;
};

/// Results of stages, found by key; each is a folder `ab/abcdef...` that is complete or not there.
/// Any number of processes and threads may use one root. Entries used longest ago go first when the
/// store is over its size, never pinned ones and never any that is being written.
class CacheStore {
public:
    static constexpr std::uint64_t defaultMaxBytes = 50ull << 30;

    /// $STRATA_CACHE, else $XDG_CACHE_HOME/strata, else ~/.cache/strata.
    static std::filesystem::path defaultRoot();
    static Result<std::unique_ptr<CacheStore>>
    open(const std::filesystem::path& root = defaultRoot(),
         std::uint64_t maxBytes = defaultMaxBytes);
    ~CacheStore();

    const std::filesystem::path& root() const;
    /// The folder of the entry, which counts as used now. Pin what must not go while it is read.
    std::optional<std::filesystem::path> find(const std::string& key) const;
    bool contains(const std::string& key) const;
    Result<CacheWriter> create(const std::string& key);
    Result<CachePins> pins();
    Status remove(const std::string& key);

    /// Bytes of all entries, kept up to date without looking through the folders.
    std::uint64_t bytes() const;
    /// Removes entries until the store is within its size, the new entries of commit() do this by
    /// themselves.
    Status evict();

private:
    friend class CacheWriter;
    struct Impl;
    explicit CacheStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
