// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <chrono>
#include <filesystem>
#include <vector>

namespace strata {

struct BackupRules {
    std::chrono::seconds spacing{10 * 60}; // between one backup and the next
    int keep = 10;                         // of each project; the oldest goes first
};

/// An earlier saved state of a project, byte for byte.
struct Backup {
    std::filesystem::path file;
    std::chrono::sys_seconds time;
};

/// The saved states of projects from before they were saved again, in a folder for each project
/// below `root` (stateFolder() / "backups").
class Backups {
public:
    explicit Backups(std::filesystem::path root, BackupRules rules = {});

    /// To be called before `project` is overwritten: copies it, unless it is not there or the
    /// newest backup is younger than the spacing. Tells whether it did.
    Result<bool> keep(const std::filesystem::path& project, std::chrono::sys_seconds now) const;
    /// Newest first. Read one with loadProject(backup.file, project.parent_path()).
    std::vector<Backup> list(const std::filesystem::path& project) const;

private:
    std::filesystem::path folderOf(const std::filesystem::path& project) const;

    std::filesystem::path m_root;
    BackupRules m_rules;
};

} // namespace strata
