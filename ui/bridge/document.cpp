// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/document.h"

#include "engine/project/edit/media_edits.h"
#include "engine/project/io/project_file.h"
#include "ui/bridge/text.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace strata::ui {
namespace {

namespace fs = std::filesystem;

/// Ids of the items that only changed; nothing when items came, went or moved.
template <typename T>
auto changedInPlace(const ListChange<T>& change) {
    std::optional<std::vector<decltype(T::id)>> ids;
    const bool sameItems =
        std::equal(change.before.begin(), change.before.end(), change.after.begin(),
                   change.after.end(), [](const T& a, const T& b) { return a.id == b.id; });
    if (!sameItems)
        return ids;
    ids.emplace();
    for (std::size_t i = 0; i < change.before.size(); ++i)
        if (!(change.before[i] == change.after[i]))
            ids->push_back(change.before[i].id);
    return ids;
}

std::set<LayerId> paintedLayers(const ListChange<Stroke>& change) {
    std::set<LayerId> layers;
    for (const auto* strokes : {&change.before, &change.after})
        for (const Stroke& stroke : *strokes)
            layers.insert(stroke.layer);
    return layers;
}

bool touches(const ListChange<MediaItem>& change, std::optional<MediaId> id) {
    return std::any_of(change.after.begin(), change.after.end(),
                       [id](const MediaItem& item) { return item.id == id; });
}

fs::path whole(const fs::path& file) {
    std::error_code failed;
    const fs::path absolute = fs::absolute(file, failed);
    return (failed ? file : absolute).lexically_normal();
}

std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace

Document::Document(QObject* parent)
    : QObject(parent) {
    connect(&m_undoStack, &QUndoStack::cleanChanged, this,
            [this](bool clean) { Q_EMIT modifiedChanged(!clean); });
}

QString Document::displayName() const {
    return m_filePath.empty() ? tr("Untitled") : toQt(m_filePath.stem());
}

void Document::reset() { replace({}, {}); }

Status Document::load(const fs::path& file) {
    const fs::path path = whole(file);
    STRATA_ASSIGN(Project project, loadProject(path));
    replace(std::move(project), path);
    return ok();
}

void Document::restore(Project project, const fs::path& original) {
    replace(std::move(project), original);
    m_undoStack.resetClean();
}

Status Document::save(const fs::path& file) {
    const fs::path path = whole(file);
    if (m_backups) {
        // Failing to keep the old state must not keep the new one from being saved.
        if (const auto kept = m_backups->keep(path, now()); !kept)
            Q_EMIT warned(toQt(kept.error().message));
    }
    STRATA_TRY(saveProject(m_project, path));
    setFilePath(path);
    m_undoStack.setClean();
    return ok();
}

Status Document::learnMedia(MediaId id, MediaFacts facts) {
    STRATA_ASSIGN(const Project wiser, setMediaFacts(m_project, id, std::move(facts)));
    change(difference(m_project, wiser));
    return ok();
}

void Document::replace(Project project, const fs::path& file) {
    m_project = std::move(project);
    m_undoStack.clear();
    m_undoStack.setClean(); // an empty stack is not cleared, and may not be clean
    setFilePath(file);
    Q_EMIT projectReplaced();
    Q_EMIT changed();
}

void Document::setFilePath(const fs::path& file) {
    if (m_filePath == file)
        return;
    m_filePath = file;
    Q_EMIT filePathChanged();
}

void Document::apply(const ProjectChange& step, EditKey) { change(step); }

void Document::change(const ProjectChange& step) {
    if (step.empty())
        return;
    strata::apply(m_project, step);
    announceScalars(step);
    announceLists(step);
    Q_EMIT changed();
}

void Document::announceScalars(const ProjectChange& step) {
    const ProjectScalars &before = step.scalarsBefore, &after = step.scalarsAfter;
    if (before.clip != after.clip || (after.clip && touches(step.media, after.clip)))
        Q_EMIT clipChanged();
    if (before.range != after.range || before.loop != after.loop)
        Q_EMIT rangeChanged();
    if (before.scene != after.scene)
        Q_EMIT sceneSourceChanged();
    if (before.synth != after.synth)
        Q_EMIT synthSettingsChanged();
    if (before.delivery != after.delivery)
        Q_EMIT deliverySettingsChanged();
}

void Document::announceLists(const ProjectChange& step) {
    if (!step.media.empty())
        Q_EMIT mediaChanged();
    if (!step.markers.empty())
        Q_EMIT markersChanged();
    if (const auto people = changedInPlace(step.people); !people)
        Q_EMIT peopleChanged();
    else
        for (const PersonId id : *people)
            Q_EMIT personChanged(id);
    if (const auto layers = changedInPlace(step.layers); !layers)
        Q_EMIT layersChanged();
    else
        for (const LayerId id : *layers)
            Q_EMIT layerChanged(id);
    for (const LayerId id : paintedLayers(step.strokes))
        Q_EMIT strokesChanged(id);
}

} // namespace strata::ui
