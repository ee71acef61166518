// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/change.h"
#include "engine/project/io/backups.h"
#include "engine/project/project.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <filesystem>
#include <optional>

namespace strata::ui {

class EditProject;

/// The open project, its undo stack and its file. Lives on the GUI thread; EditProject commands are
/// the only writers (see ui/commands). What a change touches is said in small signals, after the
/// whole change is made; a view re-reads from project() what it shows and keeps no copy of it.
///
///     gesture -> command -> document -> signal -> views and worker
class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(QObject* parent = nullptr);
    /// Saved states that are about to be overwritten are kept there; not at all by default.
    void setBackups(std::optional<Backups> backups) { m_backups = std::move(backups); }

    const Project& project() const { return m_project; }
    /// A copy for another thread or process; cheap.
    Project snapshot() const { return m_project; }
    QUndoStack& undoStack() { return m_undoStack; }

    /// Changed since it was opened or saved, or recovered and not saved since.
    bool isModified() const { return !m_undoStack.isClean(); }
    /// The .strata file; empty when the project was never saved.
    const std::filesystem::path& filePath() const { return m_filePath; }
    /// The file's name without ending, or "Untitled".
    QString displayName() const;

    // Each of these replaces the project and forgets the undo history. A load that fails leaves the
    // document as it is.
    void reset();
    Status load(const std::filesystem::path& file);
    /// What a crash left behind: unsaved, and belonging to `original` (empty: to no file).
    void restore(Project project, const std::filesystem::path& original);

    /// Saves to `file`, which is the document's from then on. A failed save changes nothing.
    Status save(const std::filesystem::path& file);

    /// Facts that reading a file told. No step of the history, for the user did nothing, and no
    /// reason to save. Undoing an older change of the same medium may forget them again.
    Status learnMedia(MediaId id, MediaFacts facts);

    /// What only a command may hold.
    class EditKey {
        friend class EditProject;
        EditKey() = default;
    };
    /// Makes the change and says what it touched. Nobody may edit from within these signals.
    void apply(const ProjectChange& change, EditKey);

Q_SIGNALS:
    /// Another project is open; nothing of the one before is valid.
    void projectReplaced();
    /// The list of media, or an item of it.
    void mediaChanged();
    /// Another clip is edited, or its facts became known.
    void clipChanged();
    /// In, out or loop.
    void rangeChanged();
    void markersChanged();
    /// Somebody came or went.
    void peopleChanged();
    /// Name, colour, sources or tracks of somebody who was there before.
    void personChanged(strata::PersonId id);
    /// Layers came or went, or their order changed.
    void layersChanged();
    /// A layer that is where it was before has other properties.
    void layerChanged(strata::LayerId id);
    void sceneSourceChanged();
    /// Strokes of this layer came, went or changed.
    void strokesChanged(strata::LayerId id);
    void synthSettingsChanged();
    void deliverySettingsChanged();
    /// After all the others, once for every change; projectReplaced included.
    void changed();

    void modifiedChanged(bool modified);
    void filePathChanged();
    /// One sentence about something that did not work and did not stop the rest: a backup, say.
    void warned(const QString& message);

private:
    void change(const ProjectChange& step);
    void announceScalars(const ProjectChange& step);
    void announceLists(const ProjectChange& step);
    void replace(Project project, const std::filesystem::path& file);
    void setFilePath(const std::filesystem::path& file);

    Project m_project;
    QUndoStack m_undoStack;
    std::filesystem::path m_filePath;
    std::optional<Backups> m_backups;
};

} // namespace strata::ui
