// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/backups.h"

#include "engine/core/atomic_file.h"
#include "engine/core/sha256.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <system_error>

namespace strata {
namespace fs = std::filesystem;
namespace chrono = std::chrono;
namespace {

constexpr const char* kPattern = "%04d-%02u-%02uT%02d-%02d-%02d"; // UTC

std::string nameOf(chrono::sys_seconds time) {
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    char name[64];
    std::snprintf(name, sizeof name, kPattern, int(date.year()), unsigned(date.month()),
                  unsigned(date.day()), int(clock.hours().count()), int(clock.minutes().count()),
                  int(clock.seconds().count()));
    return name;
}

std::optional<chrono::sys_seconds> timeOf(const std::string& name) {
    int year = 0, hour = 0, minute = 0, second = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(name.c_str(), kPattern, &year, &month, &day, &hour, &minute, &second) != 6)
        return std::nullopt;
    const chrono::year_month_day date{chrono::year(year), chrono::month(month), chrono::day(day)};
    if (!date.ok())
        return std::nullopt;
    const auto time = chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) +
                      chrono::seconds(second);
    return nameOf(time) == name ? std::optional(time) : std::nullopt;
}

} // namespace

Backups::Backups(fs::path root, BackupRules rules)
    : m_root(std::move(root))
    , m_rules(rules) {}

fs::path Backups::folderOf(const fs::path& project) const {
    std::error_code failed;
    const fs::path whole = fs::weakly_canonical(project, failed);
    const fs::path& key = failed ? project : whole;
    return m_root / (key.stem().string() + "-" + sha256(key.native()).substr(0, 16));
}

std::vector<Backup> Backups::list(const fs::path& project) const {
    std::vector<Backup> backups;
    std::error_code failed;
    for (fs::directory_iterator it(folderOf(project), failed), end; !failed && it != end;
         it.increment(failed))
        if (const auto time = timeOf(it->path().stem().string()))
            backups.push_back({it->path(), *time});
    std::sort(backups.begin(), backups.end(),
              [](const Backup& a, const Backup& b) { return a.time > b.time; });
    return backups;
}

Result<bool> Backups::keep(const fs::path& project, chrono::sys_seconds now) const {
    std::error_code failed;
    if (!fs::is_regular_file(project, failed))
        return false;
    std::vector<Backup> backups = list(project);
    // A clock that was set back must not stop the backups.
    if (!backups.empty() && chrono::abs(now - backups[0].time) < m_rules.spacing)
        return false;
    const fs::path folder = folderOf(project);
    fs::create_directories(folder, failed);
    AtomicFile file(folder / (nameOf(now) + project.extension().string()));
    if (!fs::copy_file(project, file.path(), failed))
        return Error{ErrorCode::Io, "Cannot keep a backup of " + project.string() + " in " +
                                        folder.string() + ": " + failed.message() + "."};
    STRATA_TRY(file.commit());
    backups = list(project);
    for (std::size_t i = std::size_t(std::max(1, m_rules.keep)); i < backups.size(); ++i)
        fs::remove(backups[i].file, failed);
    return true;
}

} // namespace strata
