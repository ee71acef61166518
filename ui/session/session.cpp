// SPDX-License-Identifier: Apache-2.0
#include "ui/session/session.h"

#include "engine/body/motion.h"
#include "ui/bridge/text.h"
#include "ui/commands/media_commands.h"
#include "ui/commands/people_commands.h"
#include "ui/commands/source_commands.h"
#include "ui/session/edit_choice.h"

#include <algorithm>

namespace strata::ui {
namespace fs = std::filesystem;
namespace {

constexpr int kPreviewDelayMs = 250; // a scrub that pauses for so long wants to see the edit

QString fileName(const fs::path& path) { return toQt(path.filename()); }

} // namespace

Session::Session(Document& document, EngineClient& engine, Player& player, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_engine(engine)
    , m_player(player)
    , m_jobs(engine) {
    m_previewDelay.setSingleShot(true);
    m_previewDelay.setInterval(kPreviewDelayMs);
    connect(&m_previewDelay, &QTimer::timeout, this, &Session::requestPreview);

    connect(&document, &Document::projectReplaced, this, &Session::followClip);
    connect(&document, &Document::clipChanged, this, &Session::followClip);
    connect(&document, &Document::changed, this, &Session::followEdit);
    connect(&document, &Document::warned, this,
            [this](const QString& message) { notify(NoticeKind::Warning, message); });
    connect(&player, &Player::failed, this,
            [this](const QString& message) { notify(NoticeKind::Error, message); });
    connect(&player.clock(), &PlaybackClock::frameChanged, this, &Session::schedulePreview);

    connect(&engine, &EngineClient::workerReady, this,
            [this](const protocol::Hello& worker) { m_cache.setRoot(fs::path(worker.cache)); });
    connect(&engine, &EngineClient::chunkReady, this, &Session::takeChunk);
    connect(&engine, &EngineClient::peopleFound, this, &Session::takePeople);
    connect(&engine, &EngineClient::jobFinished, this, [this](JobId id) {
        if (id == m_decomposition) {
            m_isDecomposed = true;
            schedulePreview();
        }
    });
    connect(
        &engine, &EngineClient::jobFailed, this,
        [this](JobId, ErrorCode, const QString& message) { notify(NoticeKind::Error, message); });
    connect(&engine, &EngineClient::workerLost, this, [this](const QString& reason) {
        notify(NoticeKind::Warning, tr("%1 It is started again; nothing is lost.").arg(reason));
    });
    connect(&engine, &EngineClient::workerRestarted, this, [this] {
        notify(NoticeKind::Info, tr("The engine works again and goes on where it stopped."));
    });
    connect(&engine, &EngineClient::workerUnavailable, this,
            [this](const QString& reason) { notify(NoticeKind::Error, reason); });
    connect(&m_cache, &CacheKeeper::failed, this,
            [this](const QString& message) { notify(NoticeKind::Warning, message); });
}

void Session::notify(NoticeKind kind, const QString& message) { Q_EMIT noticed(kind, message); }

void Session::check(const Status& status) {
    if (!status)
        notify(NoticeKind::Error, toQt(status.error().message));
}

void Session::open(const fs::path& path) {
    if (path.extension() == ".strata")
        check(m_document.load(path));
    else
        openClip(path);
}

void Session::openClip(const fs::path& path) {
    m_probe.probe(path, [this](Result<MediaItem> found) {
        if (!found)
            return notify(NoticeKind::Error, toQt(found.error().message));
        if (found->kind != MediaKind::Clip)
            return notify(NoticeKind::Error,
                          tr("'%1' is not a video; drop it on one of the source slots instead.")
                              .arg(fileName(found->path)));
        check(MediaCommands(m_document).openClip(*found));
    });
}

void Session::addMedia(const fs::path& path) {
    m_probe.probe(path, [this](Result<MediaItem> found) {
        check(found ? MediaCommands(m_document).add(*found) : Status(found.error()));
    });
}

void Session::relink(MediaId id, const fs::path& path) {
    m_probe.probe(path, [this, id](Result<MediaItem> found) {
        check(found ? MediaCommands(m_document).relink(id, found->path, found->facts)
                    : Status(found.error()));
    });
}

void Session::dropSource(SourceSlot slot, std::optional<PersonId> person, const fs::path& path) {
    if (!m_document.project().clipItem())
        return notify(NoticeKind::Warning, tr("Open the clip to edit first."));
    if (slot != SourceSlot::Scene && !person)
        return notify(NoticeKind::Warning,
                      tr("Nobody has been found in the clip yet; wait until it is taken apart."));
    m_probe.probe(path, [this, slot, person](Result<MediaItem> found) {
        if (!found)
            return notify(NoticeKind::Error, toQt(found.error().message));
        const SourceCommands commands(m_document);
        switch (slot) {
        case SourceSlot::Identity:
            return check(commands.dropIdentity(*person, *found));
        case SourceSlot::Motion:
            return check(commands.dropMotion(*person, *found));
        case SourceSlot::Scene:
            return check(commands.dropScene(*found));
        }
    });
}

/// Another clip is edited: everything about the one before goes.
void Session::followClip() {
    const MediaItem* item = m_document.project().clipItem();
    const fs::path clip = item ? item->path : fs::path();
    if (clip == m_clip)
        return;
    m_clip = clip;
    for (const JobId job : m_clipJobs)
        if (const JobEntry* entry = m_jobs.find(job); !entry || entry->kind != JobKind::Edit)
            m_engine.cancel(job);
    m_clipJobs.clear();
    m_decomposition = m_preview = 0;
    m_isDecomposed = false;
    m_edit = {};
    m_cache.release();
    m_player.layers().clear();
    m_confidence.clear();
    Q_EMIT confidenceChanged();
    setCurrentLayer({});
    setCurrentPerson({});
    if (m_clip.empty())
        return m_player.close();
    m_player.open(m_clip);
    if (m_autoDecompose)
        decompose();
}

void Session::decompose() {
    const JobEntry* running = m_jobs.find(m_decomposition);
    if (m_clip.empty() || (running && running->isActive()))
        return;
    protocol::Decompose request;
    request.clip = clipChoice(m_document.project(), m_person);
    m_decomposition = m_engine.decompose(request);
    m_clipJobs.push_back(m_decomposition);
    m_jobs.add(m_decomposition, JobKind::Decompose, tr("Take apart %1").arg(fileName(m_clip)));
}

Status Session::render(const fs::path& out) {
    const Project& project = m_document.project();
    protocol::Edit request;
    const FrameRange frames = deliveredFrames(project);
    STRATA_ASSIGN(request.edit, editChoice(project, m_person, m_engine.worker().device, frames));
    request.out = out.string();
    if (frames.size() < project.frameCount())
        request.edit.clip.frames = frames;
    const JobId job = m_engine.edit(request);
    m_clipJobs.push_back(job);
    m_jobs.add(job, JobKind::Edit, tr("Render %1").arg(fileName(out)));
    return ok();
}

void Session::setAutomatic(bool decompose, bool preview) {
    m_autoDecompose = decompose;
    m_autoPreview = preview;
}

void Session::setCurrentPerson(std::optional<PersonId> person) {
    if (person == m_person)
        return;
    m_person = person;
    Q_EMIT currentPersonChanged();
}

void Session::setCurrentLayer(std::optional<LayerId> layer) {
    if (layer == m_layer)
        return;
    m_layer = layer;
    Q_EMIT currentLayerChanged();
    if (const Layer* chosen = layer ? m_document.project().find(*layer) : nullptr;
        chosen && chosen->person)
        setCurrentPerson(chosen->person);
}

/// What is replaced has changed: pictures of the edit before are not shown any more.
void Session::followEdit() {
    const auto edit = editChoice(m_document.project(), m_person, m_engine.worker().device);
    const protocol::EditChoice now = edit ? *edit : protocol::EditChoice();
    if (now == m_edit)
        return;
    m_edit = now;
    m_player.layers().clear(LayerKind::Result);
    if (m_preview != 0)
        m_engine.cancel(m_preview);
    schedulePreview();
}

void Session::schedulePreview() {
    if (m_autoPreview && m_isDecomposed && m_player.clock().speed() == 0)
        m_previewDelay.start();
}

void Session::requestPreview() {
    const std::int64_t frame = m_player.clock().frame();
    if (m_clip.empty() || m_player.layers().has(LayerKind::Result, frame))
        return;
    const FrameRange show{frame, frame + 1};
    const auto edit = editChoice(m_document.project(), m_person, m_engine.worker().device, show);
    if (!edit)
        return; // nothing is replaced, or a source is missing, which its slot shows
    protocol::Preview request;
    request.edit = *edit;
    request.edit.generator.reset();
    request.show = show;
    m_preview = m_engine.preview(request);
    m_clipJobs.push_back(m_preview);
}

bool Session::belongsHere(JobId job) const {
    return std::ranges::find(m_clipJobs, job) != m_clipJobs.end();
}

void Session::takeChunk(const protocol::ChunkStored& chunk) {
    if (!belongsHere(chunk.id))
        return;
    const fs::path folder(chunk.folder);
    m_cache.keep(chunk.key);
    if (chunk.stage == "preview") {
        if (chunk.id == m_preview)
            m_player.layers().addFile(LayerKind::Result, folder / "frame.png", chunk.frames);
    } else {
        m_player.layers().announce({chunk.stage, chunk.frames, folder, chunk.files});
    }
    if (chunk.stage == "body")
        readConfidence(folder / "motion.npz");
    Q_EMIT layersGrew();
}

void Session::readConfidence(const fs::path& motion) {
    const auto read = readAmass(motion);
    if (!read)
        return; // only a strip of the timeline
    m_confidence = read->confidence;
    Q_EMIT confidenceChanged();
}

void Session::takePeople(const protocol::PeopleFound& found) {
    if (!belongsHere(found.id))
        return;
    std::vector<FoundPerson> people;
    for (const auto& person : found.people)
        people.push_back({PersonId{person.id}, {person.range}, person.bestFrame});
    std::ranges::sort(people, {}, &FoundPerson::id);
    check(PeopleCommands(m_document).take(people));
    const auto main = std::ranges::find_if(found.people, &protocol::Person::main);
    if (!m_person && main != found.people.end())
        setCurrentPerson(PersonId{main->id});
}

} // namespace strata::ui
