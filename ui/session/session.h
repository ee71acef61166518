// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/bridge/document.h"
#include "ui/bridge/engine_client.h"
#include "ui/playback/player.h"
#include "ui/session/cache_keeper.h"
#include "ui/session/job_list.h"
#include "ui/session/media_probe.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace strata::ui {

enum class NoticeKind { Info, Warning, Error };

/// Which slot a file is dropped on.
enum class SourceSlot { Identity, Motion, Scene };

/// Keeps document, player and worker in step: a clip that is opened is played and taken apart, what
/// the worker finishes becomes visible, a source that is replaced is drawn into the frame on screen
/// and, when asked for, rendered. GUI thread; nothing here waits.
///
///     document (clip, sources) ──► requests ──► worker ──► chunks ──► layers of the player
class Session : public QObject {
    Q_OBJECT
public:
    Session(Document& document, EngineClient& engine, Player& player, QObject* parent = nullptr);

    Document& document() { return m_document; }
    EngineClient& engine() { return m_engine; }
    Player& player() { return m_player; }
    JobList& jobs() { return m_jobs; }
    CacheKeeper& cache() { return m_cache; }

    /// A project, or a file that becomes the clip of the open project.
    void open(const std::filesystem::path& path);
    /// Reads the file, adds it to the media and uses it; `person` is needed but for a scene.
    void dropSource(SourceSlot slot, std::optional<PersonId> person,
                    const std::filesystem::path& path);
    void addMedia(const std::filesystem::path& path);
    void relink(MediaId id, const std::filesystem::path& path);

    /// Takes the clip apart, as far as that has not been done.
    void decompose();
    /// Writes the edited clip.
    Status render(const std::filesystem::path& out);

    /// Whether a clip is taken apart as soon as it is opened, and previews are drawn by themselves.
    void setAutomatic(bool decompose, bool preview);

    /// Whom edits are about; the person that is selected in the panels.
    std::optional<PersonId> currentPerson() const { return m_person; }
    void setCurrentPerson(std::optional<PersonId> person);
    std::optional<LayerId> currentLayer() const { return m_layer; }
    void setCurrentLayer(std::optional<LayerId> layer);

    /// Of frame i of the clip, 0..1: how sure the body fit is. Empty before there is one.
    const std::vector<float>& confidence() const { return m_confidence; }
    /// Shows a sentence to the user.
    void notify(NoticeKind kind, const QString& message);
    /// Shows the sentence of a status that is none.
    void check(const Status& status);

Q_SIGNALS:
    void noticed(strata::ui::NoticeKind kind, const QString& message);
    void currentPersonChanged();
    void currentLayerChanged();
    void confidenceChanged();
    void layersGrew(); // more of the clip has been taken apart or rendered

private:
    void openClip(const std::filesystem::path& path);
    void followClip();
    void followEdit();
    void schedulePreview();
    void requestPreview();
    void takeChunk(const protocol::ChunkStored& chunk);
    void takePeople(const protocol::PeopleFound& found);
    void readConfidence(const std::filesystem::path& motion);
    bool belongsHere(JobId job) const;

    Document& m_document;
    EngineClient& m_engine;
    Player& m_player;
    JobList m_jobs;
    CacheKeeper m_cache;
    MediaProbe m_probe;
    QTimer m_previewDelay;
    std::filesystem::path m_clip;  // that is played and taken apart
    std::vector<JobId> m_clipJobs; // whose chunks are about it
    JobId m_decomposition = 0, m_preview = 0;
    protocol::EditChoice m_edit; // that the pictures of the result layer show
    bool m_autoDecompose = true, m_autoPreview = true;
    bool m_isDecomposed = false;
    std::optional<PersonId> m_person;
    std::optional<LayerId> m_layer;
    std::vector<float> m_confidence;
};

} // namespace strata::ui
