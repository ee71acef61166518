// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/job_reporter.h"

#include <algorithm>

namespace strata::cli {
namespace {

constexpr std::size_t kMostPeople = 1000; // of a crowd, so that the message is not too long

/// The files of a cache entry; hidden ones belong to the cache.
std::vector<std::string> filesIn(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto& file : std::filesystem::directory_iterator(folder, failed))
        if (std::string name = file.path().filename().string(); !name.starts_with('.'))
            names.push_back(std::move(name));
    std::ranges::sort(names);
    return names;
}

protocol::Box boxOf(const RectF& box) { return {box.x0, box.y0, box.width(), box.height()}; }

} // namespace

JobReporter::JobReporter(protocol::JobId id, std::int64_t firstFrame, ProgressFeed::Tell tell)
    : m_id(id)
    , m_firstFrame(firstFrame)
    , m_tell(tell)
    , m_progress(id, std::move(tell)) {}

JobContext JobReporter::context(std::stop_token stop) {
    return {std::move(stop), [this](const Progress& progress) { m_progress.show(progress); }};
}

JobObserver JobReporter::observer() {
    return {[this](const StoredChunk& chunk) { tellChunk(chunk); },
            [this](const auto& people, auto subject) { tellPeople(people, subject); }};
}

void JobReporter::tellChunk(const StoredChunk& chunk) {
    if (!chunk.computed)
        m_progress.foundLast();
    m_tell(protocol::ChunkStored{m_id, chunk.stage, chunk.key, inSource(chunk.range),
                                 chunk.folder.string(), filesIn(chunk.folder), chunk.computed});
}

void JobReporter::tellPeople(const std::vector<PersonSummary>& people, std::optional<int> subject) {
    protocol::PeopleFound found{m_id, {}};
    for (const PersonSummary& person : people) {
        if (found.people.size() == kMostPeople)
            break;
        found.people.push_back({person.id, person.id == subject, inSource(person.range),
                                person.frames, person.fullBodyFrames, person.meanHeight,
                                person.portraitFrame + m_firstFrame, boxOf(person.portraitBox)});
    }
    m_tell(found);
}

} // namespace strata::cli
