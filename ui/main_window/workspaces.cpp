// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/workspaces.h"

#include <QDockWidget>
#include <QInputDialog>
#include <QMessageBox>

namespace strata::ui {
namespace {

constexpr int kLayoutVersion = 1; // raised when docks come or go

/// Puts docks where a shipped workspace has them.
class Arrangement {
public:
    explicit Arrangement(QMainWindow& window)
        : m_window(window) {
        for (QDockWidget* each : window.findChildren<QDockWidget*>()) {
            each->setFloating(false);
            each->hide();
        }
        window.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
        window.setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    }
    void put(const char* name, Qt::DockWidgetArea area) {
        m_window.addDockWidget(area, dock(name));
        dock(name)->show();
    }
    /// Both in one place; the first one is seen.
    void stack(const char* front, const char* back) {
        m_window.tabifyDockWidget(dock(front), dock(back));
        dock(back)->show();
        dock(front)->raise();
    }
    void size(std::initializer_list<std::pair<const char*, int>> sizes, Qt::Orientation along) {
        QList<QDockWidget*> docks;
        QList<int> lengths;
        for (const auto& [name, length] : sizes) {
            docks << dock(name);
            lengths << length;
        }
        m_window.resizeDocks(docks, lengths, along);
    }

private:
    QDockWidget* dock(const char* name) const {
        return m_window.findChild<QDockWidget*>(QLatin1String(name));
    }
    QMainWindow& m_window;
};

void arrangeEditing(Arrangement panels) {
    panels.put("dock.media", Qt::LeftDockWidgetArea);
    panels.put("dock.history", Qt::LeftDockWidgetArea);
    panels.put("dock.layers", Qt::RightDockWidgetArea);
    panels.put("dock.sources", Qt::RightDockWidgetArea);
    panels.stack("dock.sources", "dock.inspector");
    panels.put("dock.timeline", Qt::BottomDockWidgetArea);
    panels.stack("dock.timeline", "dock.jobs");
    panels.size({{"dock.media", 210}, {"dock.layers", 320}}, Qt::Horizontal);
    panels.size({{"dock.timeline", 310}}, Qt::Vertical);
    panels.size({{"dock.layers", 220}, {"dock.sources", 380}}, Qt::Vertical);
}

void arrangeLayers(Arrangement panels) {
    panels.put("dock.layers", Qt::RightDockWidgetArea);
    panels.put("dock.inspector", Qt::RightDockWidgetArea);
    panels.stack("dock.inspector", "dock.sources");
    panels.put("dock.timeline", Qt::BottomDockWidgetArea);
    panels.stack("dock.timeline", "dock.jobs");
    panels.size({{"dock.layers", 360}}, Qt::Horizontal);
    panels.size({{"dock.timeline", 170}}, Qt::Vertical);
    panels.size({{"dock.layers", 300}, {"dock.inspector", 400}}, Qt::Vertical);
}

void arrangeReview(Arrangement panels) {
    panels.put("dock.timeline", Qt::BottomDockWidgetArea);
    panels.size({{"dock.timeline", 220}}, Qt::Vertical);
}

} // namespace

Workspaces::Workspaces(QMainWindow& window, Actions& actions, Preferences& preferences)
    : QObject(&window)
    , m_window(window)
    , m_preferences(preferences)
    , m_choose(new QMenu(&window))
    , m_remove(new QMenu(&window)) {
    actions.at("window.workspaces")->setMenu(m_choose);
    actions.at("window.removeWorkspace")->setMenu(m_remove);
    actions.onTriggered("window.editing", [this] { apply(Shipped::Editing); });
    actions.onTriggered("window.layers", [this] { apply(Shipped::Layers); });
    actions.onTriggered("window.review", [this] { apply(Shipped::Review); });
    actions.onTriggered("window.saveWorkspace", [this] { askForName(); });
    refreshMenus();
}

void Workspaces::apply(Shipped workspace) {
    switch (workspace) {
    case Shipped::Editing:
        return arrangeEditing(Arrangement(m_window));
    case Shipped::Layers:
        return arrangeLayers(Arrangement(m_window));
    case Shipped::Review:
        return arrangeReview(Arrangement(m_window));
    }
}

bool Workspaces::apply(const QString& name) { return restore(m_preferences.workspace(name)); }

void Workspaces::save(const QString& name) {
    m_preferences.setWorkspace(name, state());
    refreshMenus();
}

void Workspaces::remove(const QString& name) {
    m_preferences.setWorkspace(name, {});
    refreshMenus();
}

QByteArray Workspaces::state() const { return m_window.saveState(kLayoutVersion); }

bool Workspaces::restore(const QByteArray& state) {
    return !state.isEmpty() && m_window.restoreState(state, kLayoutVersion);
}

void Workspaces::refreshMenus() {
    const QStringList names = m_preferences.workspaces();
    m_choose->clear();
    m_remove->clear();
    for (const QString& name : names) {
        m_choose->addAction(name, this, [this, name] { apply(name); });
        m_remove->addAction(name, this, [this, name] { remove(name); });
    }
    m_choose->setEnabled(!names.isEmpty());
    m_remove->setEnabled(!names.isEmpty());
}

void Workspaces::askForName() {
    const QStringList names = m_preferences.workspaces();
    QString name = QInputDialog::getText(&m_window, tr("Save the Workspace"), tr("Name:"));
    name = name.simplified();
    if (name.isEmpty())
        return;
    const bool known = names.contains(name);
    if (known &&
        QMessageBox::question(&m_window, tr("Save the Workspace"),
                              tr("Replace the workspace “%1”?").arg(name)) != QMessageBox::Yes)
        return;
    save(name);
}

} // namespace strata::ui
