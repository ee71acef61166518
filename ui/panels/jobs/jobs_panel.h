// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"

#include <QWidget>

class QListView;
class QPlainTextEdit;
class QPushButton;

namespace strata::ui {

/// What the engine does, has done and will do, with its log; cancel, pause, go on.
class JobsPanel : public QWidget {
    Q_OBJECT
public:
    explicit JobsPanel(Session& session, QWidget* parent = nullptr);

private:
    const JobEntry* current() const;
    void refreshButtons();
    void refreshLog();
    void pauseOrResume();

    Session& m_session;
    QListView* m_view;                          // parent-owned
    QPlainTextEdit* m_log;                      // parent-owned
    QPushButton *m_cancel, *m_pause, *m_reveal; // parent-owned
};

} // namespace strata::ui
