// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/autosaves.h"

#include "engine/core/atomic_file.h"
#include "engine/project/io/json_fields.h"
#include "engine/project/io/path_text.h"
#include "engine/project/io/project_file.h"
#include "engine/project/io/project_json.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace strata {
namespace fs = std::filesystem;
namespace chrono = std::chrono;
namespace {

using Json = nlohmann::json;

constexpr const char* kEnding = ".autosave";
constexpr const char* kAutosaveKey = "strata_autosave"; // its value is the version of this envelope
constexpr int kAutosaveFormat = 1;
constexpr std::int64_t kLatest = 253'402'300'799; // the last second of the year 9999

fs::path lockOf(const fs::path& autosave) { return fs::path(autosave) += ".lock"; }

/// The descriptor, locked; -1 when it cannot be opened or somebody else has it.
int lockFile(const fs::path& path, int flags) {
    const int lock = ::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, 0600);
    if (lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return -1;
    }
    return lock;
}

bool isOwned(const fs::path& autosave) {
    std::error_code ignored;
    if (!fs::exists(lockOf(autosave), ignored))
        return false;
    const int lock = lockFile(lockOf(autosave), 0);
    if (lock >= 0)
        ::close(lock);
    return lock < 0;
}

bool wasSavedAfter(const fs::path& original, chrono::sys_seconds time) {
    std::error_code failed;
    const auto written = fs::last_write_time(original, failed);
    return !failed && chrono::file_clock::to_sys(written) > time;
}

/// The envelope around the project; nothing when the file is no autosave.
std::optional<Json> readEnvelope(const fs::path& file) {
    const auto text = readFile(file, kMostProjectBytes);
    auto json = text ? parseJson(*text, file.string()) : Result<Json>(text.error());
    if (!json || !json->contains(kAutosaveKey) || !json->contains("project"))
        return std::nullopt;
    return std::move(*json);
}

std::optional<RecoverableAutosave> describe(const fs::path& file) {
    const auto json = readEnvelope(file);
    if (!json)
        return std::nullopt;
    Damage damage;
    const JsonFields fields(*json, "", damage);
    fields.integer(kAutosaveKey, 1, kAutosaveFormat);
    const auto original = pathFromText(fields.text("original"));
    const chrono::sys_seconds time(chrono::seconds(fields.integer("time", 0, kLatest)));
    if (!original || !damage.field.empty())
        return std::nullopt;
    return RecoverableAutosave{file, *original, time, wasSavedAfter(*original, time)};
}

} // namespace

AutosaveSlot::AutosaveSlot(fs::path file, int lock)
    : m_file(std::move(file))
    , m_lock(lock) {}

AutosaveSlot::AutosaveSlot(AutosaveSlot&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_lock(std::exchange(other.m_lock, -1)) {}

AutosaveSlot& AutosaveSlot::operator=(AutosaveSlot&& other) noexcept {
    std::swap(m_file, other.m_file);
    std::swap(m_lock, other.m_lock);
    return *this;
}

AutosaveSlot::~AutosaveSlot() {
    if (m_lock < 0)
        return;
    ::unlink(lockOf(m_file).c_str());
    ::close(m_lock);
}

Result<AutosaveSlot> AutosaveSlot::open(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    const auto start = std::to_string(::getpid()) + "-";
    for (int n = 0; n < 10'000; ++n) {
        const fs::path file = folder / (start + std::to_string(n) + kEnding);
        if (fs::exists(file, failed))
            continue; // of this process, or left by one that had the same number
        if (const int lock = lockFile(lockOf(file), O_CREAT); lock >= 0)
            return AutosaveSlot(file, lock);
        if (failed || ::access(folder.c_str(), W_OK) != 0)
            break;
    }
    return Error{ErrorCode::Io, "Unsaved work cannot be kept in " + folder.string() +
                                    ": it cannot be written to."};
}

Status AutosaveSlot::write(const Project& project, const fs::path& original,
                           chrono::sys_seconds now) const {
    const Json json = {{kAutosaveKey, kAutosaveFormat},
                       {"original", pathToText(original)},
                       {"time", now.time_since_epoch().count()},
                       {"project", projectToJson(project, original.parent_path())}};
    return writeFileAtomically(m_file, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void AutosaveSlot::clear() const {
    std::error_code ignored;
    fs::remove(m_file, ignored);
}

std::vector<RecoverableAutosave> recoverableAutosaves(const fs::path& folder) {
    std::vector<RecoverableAutosave> found;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        const fs::path file = it->path();
        // A name with a dot in front is one that is being written.
        if (file.extension() != kEnding || file.filename().native()[0] == '.' || isOwned(file))
            continue;
        if (auto autosave = describe(file))
            found.push_back(std::move(*autosave));
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.time > b.time; });
    return found;
}

Result<Project> recover(const RecoverableAutosave& autosave) {
    const auto json = readEnvelope(autosave.file);
    if (!json)
        return Error{ErrorCode::BadFormat,
                     "The autosave " + autosave.file.string() + " cannot be read any more."};
    return projectFromJson(json->at("project"), autosave.original.parent_path(),
                           autosave.file.string());
}

void discard(const RecoverableAutosave& autosave) {
    std::error_code ignored;
    fs::remove(autosave.file, ignored);
    fs::remove(lockOf(autosave.file), ignored);
}

} // namespace strata
