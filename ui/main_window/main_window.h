// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/bridge/autosave.h"
#include "ui/main_window/actions.h"
#include "ui/session/preferences.h"
#include "ui/session/session.h"

#include <QMainWindow>

class QLabel;
class QProgressBar;
class QStackedWidget;

namespace strata::ui {

class InspectorPanel;
class NoticeBar;
class LayersPanel;
class SourcesPanel;
class TimelinePanel;
class Viewport;
class WelcomePage;
class Workspaces;

/// What the window works with; all outlive it. `autosave` may be null.
struct EditorParts {
    Session& session;
    Preferences& preferences;
    Autosave* autosave = nullptr;
};

/// Arranges panels, menus and the viewport; what they do is theirs.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(const EditorParts& parts, QWidget* parent = nullptr);
    ~MainWindow() override;

    Viewport& viewport() { return *m_viewport; }
    TimelinePanel& timelinePanel() { return *m_timeline; }
    Actions& actions() { return m_actions; }
    NoticeBar& notices() { return *m_notices; }
    /// Opens a project or a clip; asks first what to do with unsaved changes.
    void open(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makeCentre();
    void makeDocks();
    void makeStatusBar();
    void connectFile();
    void connectEdit();
    void connectClip();
    void connectWindow();
    void connectSession();
    void addDock(const char* name, const QString& title, QWidget* panel, Qt::DockWidgetArea area);
    void refreshTitle();
    void refreshRecent();
    void refreshProgress();
    void showPage();

    bool mayReplace(); // asks to save; false: the user has cancelled
    bool save();
    bool saveAs();
    void openFile();
    void openSample();
    void render();
    void clearSources();

    Session& m_session;
    Preferences& m_preferences;
    Autosave* m_autosave;
    Actions m_actions;
    // Parent-owned
    QStackedWidget* m_pages = nullptr;
    Viewport* m_viewport = nullptr;
    WelcomePage* m_welcome = nullptr;
    NoticeBar* m_notices = nullptr;
    Workspaces* m_workspaces = nullptr;
    TimelinePanel* m_timeline = nullptr;
    LayersPanel* m_layers = nullptr;
    SourcesPanel* m_sources = nullptr;
    InspectorPanel* m_inspector = nullptr;
    QLabel* m_engineState = nullptr;
    QLabel* m_jobText = nullptr;
    QProgressBar* m_jobBar = nullptr;
    QMenu* m_recentMenu = nullptr;
};

} // namespace strata::ui
