// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/main_window/action_table.h"

#include <QAction>
#include <QHash>
#include <QMenuBar>
#include <QObject>
#include <QSettings>

#include <functional>
#include <vector>

namespace strata::ui {

/// The action's text without the mark of its mnemonic.
QString plainName(const QAction* action);

/// The actions of the table, with the user's shortcuts. Owned by the main window.
class Actions : public QObject {
    Q_OBJECT
public:
    explicit Actions(QWidget* window);

    QAction* at(const char* id) const;
    void onTriggered(const char* id, std::function<void()> what);
    void onToggled(const char* id, std::function<void(bool)> what);
    /// Checks without telling anybody.
    void setChecked(const char* id, bool checked);
    void setEnabled(std::initializer_list<const char*> ids, bool enabled);

    /// Menus in the order of the table; menu() afterwards gives one to add to.
    void fill(QMenuBar* bar);
    QMenu* menu(MenuPlace place) const { return m_menus.value(int(place)); }

    std::vector<QAction*> all() const { return m_all; }
    QList<QKeySequence> shippedShortcuts(const QString& id) const;
    /// The other action that has this shortcut; null when it is free.
    QAction* holderOf(const QKeySequence& keys, const QAction* except) const;
    void setShortcuts(QAction* action, const QList<QKeySequence>& keys);
    void resetShortcuts();

private:
    QAction* make(const ActionSpec& spec, QWidget* window);

    std::vector<QAction*> m_all;
    QHash<QString, QAction*> m_byId;
    QHash<int, QMenu*> m_menus;
    QSettings m_settings;
};

} // namespace strata::ui
