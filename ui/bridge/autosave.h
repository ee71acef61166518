// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/io/autosaves.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <functional>

namespace strata::ui {

class Document;

/// Keeps the unsaved state of the document on disk: written at the latest one interval after the
/// first change that is in no file yet, gone once the document is saved, back at its saved state,
/// replaced or closed. Writing happens on a thread of its own. Lives on the GUI thread.
class Autosave : public QObject {
    Q_OBJECT
public:
    /// `slot` comes from AutosaveSlot::open(stateFolder() / "autosave").
    Autosave(Document& document, AutosaveSlot slot, QObject* parent = nullptr);
    /// Waits for what is being written. Leaves the autosave; see close().
    ~Autosave() override;

    void setInterval(std::chrono::milliseconds interval);
    /// Writes now what is unsaved; saved() or failed() tells.
    void writeNow();
    /// Opens what a crash left behind, keeps it as this document's own autosave at once and
    /// discards the old file when that is done.
    Status recover(const RecoverableAutosave& autosave);
    /// The document ends in order, saved or given up by the user: nothing is left to recover.
    void close();

Q_SIGNALS:
    void saved();
    /// One sentence. The next change tries again.
    void failed(const QString& message);

private:
    void follow();
    void clear();
    void write(std::function<void()> then);

    Document& m_document;
    AutosaveSlot m_slot;
    QTimer m_timer;
    QThreadPool m_writer; // one thread, so that writing and clearing keep their order
};

} // namespace strata::ui
