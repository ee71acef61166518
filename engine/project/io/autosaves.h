// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

namespace strata {

/// The unsaved state of one open document, kept where a crash cannot take it. The file is locked as
/// long as this object lives: the system lets go of the lock when the program ends in whatever way,
/// and what is not locked is recoverable.
class AutosaveSlot {
public:
    /// Takes a new name in `folder` (stateFolder() / "autosave"); no file is made before write().
    static Result<AutosaveSlot> open(const std::filesystem::path& folder);
    AutosaveSlot(AutosaveSlot&& other) noexcept;
    AutosaveSlot& operator=(AutosaveSlot&& other) noexcept;
    ~AutosaveSlot(); // leaves the autosave, for recovery

    /// `original` is the project's own file; empty for one that was never saved.
    Status write(const Project& project, const std::filesystem::path& original,
                 std::chrono::sys_seconds now) const;
    /// The autosave is not needed any more. The slot can be written to again.
    void clear() const;

    const std::filesystem::path& file() const { return m_file; }

private:
    AutosaveSlot(std::filesystem::path file, int lock);

    std::filesystem::path m_file;
    int m_lock = -1; // descriptor of the lock file beside it
};

/// An autosave that no running program owns.
struct RecoverableAutosave {
    std::filesystem::path file;
    std::filesystem::path original; // empty: was never saved
    std::chrono::sys_seconds time;  // of the autosave
    bool originalIsNewer = false;   // was saved after this autosave was made
};

/// Newest first. Files that are no autosaves, or damaged, are left out and left alone.
std::vector<RecoverableAutosave> recoverableAutosaves(const std::filesystem::path& folder);
Result<Project> recover(const RecoverableAutosave& autosave);
/// Deletes the autosave, after it was recovered and saved or when the user does not want it.
void discard(const RecoverableAutosave& autosave);

} // namespace strata
