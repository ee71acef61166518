// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/main_window/actions.h"
#include "ui/session/preferences.h"

#include <QMainWindow>

namespace strata::ui {

/// Arrangements of the panels: three that are shipped, and those that the user has named. A window
/// remembers its last arrangement by itself; a workspace is one to come back to.
class Workspaces : public QObject {
    Q_OBJECT
public:
    enum class Shipped {
        Editing, // everything at hand
        Layers,  // layers, sources and inspector beside a large picture, the timeline low
        Review,  // the picture and the timeline
    };

    /// Docks are found by their object names. Menu and window outlive this.
    Workspaces(QMainWindow& window, Actions& actions, Preferences& preferences);

    void apply(Shipped workspace);
    /// False, and nothing changes, when there is no such workspace or it belongs to other panels.
    bool apply(const QString& name);
    /// Keeps the arrangement as it is now; a workspace of that name is replaced.
    void save(const QString& name);
    void remove(const QString& name);

    QByteArray state() const; // of the window now, for Preferences::setWindow()
    bool restore(const QByteArray& state);

private:
    void refreshMenus();
    void askForName();

    QMainWindow& m_window;
    Preferences& m_preferences;
    QMenu* m_choose; // of the actions, owned by the window
    QMenu* m_remove;
};

} // namespace strata::ui
