// SPDX-License-Identifier: Apache-2.0
// Internal to engine/cache: what lies where below a root.
//   ab/abcd.../      an entry, with a file .entry: its bytes as text, its time of change is the
//   last use temporary/N/     an entry being written; N.lock is held by its writer pins/N keys that
//   a living process needs; held by it lock, usage      guards all changes; bytes of all entries as
//   text
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace strata::cache {

struct Entry {
    std::string key;
    std::filesystem::path folder;
    std::uint64_t bytes = 0;
    std::filesystem::file_time_type used;
};

std::filesystem::path entryFolder(const std::filesystem::path& root, const std::string& key);
inline std::filesystem::path temporaryFolder(const std::filesystem::path& root) {
    return root / "temporary";
}
inline std::filesystem::path pinFolder(const std::filesystem::path& root) { return root / "pins"; }

/// A name no other thread or process uses.
std::string uniqueName();

/// Marks the entry as used now; false if it is not there.
bool touch(const std::filesystem::path& folder);

/// Everything below the functions must be called with the root's lock held.
std::vector<Entry> listEntries(const std::filesystem::path& root);
std::set<std::string> pinnedKeys(const std::filesystem::path& root);
void removeStaleTemporaries(const std::filesystem::path& root);
/// Takes the entry out of sight at once, then deletes it.
bool removeEntry(const std::filesystem::path& root, const std::filesystem::path& folder);
std::optional<std::uint64_t> readNumber(const std::filesystem::path& file);
void writeUsage(const std::filesystem::path& root, std::uint64_t bytes);
/// The recorded bytes, or counted if there is no record.
std::uint64_t usage(const std::filesystem::path& root);

/// Bytes of all files below a folder.
std::uint64_t folderBytes(const std::filesystem::path& folder);

} // namespace strata::cache
