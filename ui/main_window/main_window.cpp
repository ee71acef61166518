// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/main_window.h"

#include "engine/core/assets_folder.h"
#include "ui/bridge/text.h"
#include "ui/commands/macro_scope.h"
#include "ui/commands/source_commands.h"
#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/models_dialog.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/dialogs/render_dialog.h"
#include "ui/main_window/brush_actions.h"
#include "ui/main_window/command_search.h"
#include "ui/main_window/notice_bar.h"
#include "ui/main_window/play_actions.h"
#include "ui/main_window/shortcuts_dialog.h"
#include "ui/main_window/transport_bar.h"
#include "ui/main_window/view_actions.h"
#include "ui/main_window/welcome_page.h"
#include "ui/main_window/workspaces.h"
#include "ui/panels/inspector/clip_section.h"
#include "ui/panels/inspector/inspector_panel.h"
#include "ui/panels/jobs/jobs_panel.h"
#include "ui/panels/layers/layers_panel.h"
#include "ui/panels/media/media_panel.h"
#include "ui/panels/sources/sources_panel.h"
#include "ui/panels/timeline/timeline_panel.h"
#include "ui/viewport/viewport.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QUndoView>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

QString firstLocalFile(const QMimeData* data) {
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            return url.toLocalFile();
    return {};
}

QString projectFilter() { return MainWindow::tr("Strata projects (*.strata)"); }

} // namespace

MainWindow::MainWindow(const EditorParts& parts, QWidget* parent)
    : QMainWindow(parent)
    , m_session(parts.session)
    , m_preferences(parts.preferences)
    , m_autosave(parts.autosave)
    , m_actions(this) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    m_actions.fill(menuBar());
    makeCentre();
    makeDocks();
    makeStatusBar();
    connectFile();
    connectEdit();
    connectClip();
    connectWindow();
    connectSession();
    connectPlayActions(m_actions, m_session, m_timeline->timeline(), m_preferences);
    new ViewActions(m_actions, *m_viewport, m_session, this);  // parent-owned
    new BrushActions(m_actions, *m_viewport, m_session, this); // the same
    resize(1440, 900);
    restoreGeometry(m_preferences.windowGeometry());
    m_workspaces->restore(m_preferences.windowState());
    refreshTitle();
    refreshRecent();
    refreshProgress();
    showPage();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeCentre() {
    auto* centre = new QWidget(this);
    m_pages = new QStackedWidget(centre);
    m_viewport = new Viewport(m_pages);
    m_welcome = new WelcomePage(m_pages);
    m_notices = new NoticeBar(centre);
    m_pages->addWidget(m_welcome);
    m_pages->addWidget(m_viewport);
    m_timeline = new TimelinePanel(m_session, this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_notices);
    layout->addWidget(m_pages, 1);
    layout->addWidget(new TransportBar(m_session, m_actions, m_timeline->timeline(), centre));
    setCentralWidget(centre);
}

void MainWindow::addDock(const char* name, const QString& title, QWidget* panel,
                         Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(QLatin1String(name)); // for saveState()
    dock->setWidget(panel);
    addDockWidget(area, dock);
    m_actions.menu(MenuPlace::Window)->addAction(dock->toggleViewAction());
}

void MainWindow::makeDocks() {
    m_actions.menu(MenuPlace::Window)->addSeparator();
    m_layers = new LayersPanel(m_session, this);
    m_sources = new SourcesPanel(m_session, this);
    m_inspector = new InspectorPanel(m_session, this);
    auto* history = new QUndoView(&m_session.document().undoStack(), this);
    history->setEmptyLabel(tr("Opened"));
    addDock("dock.media", tr("Media"), new MediaPanel(m_session, this), Qt::LeftDockWidgetArea);
    addDock("dock.layers", tr("Layers"), m_layers, Qt::RightDockWidgetArea);
    addDock("dock.sources", tr("Sources"), m_sources, Qt::RightDockWidgetArea);
    addDock("dock.inspector", tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
    addDock("dock.timeline", tr("Timeline"), m_timeline, Qt::BottomDockWidgetArea);
    addDock("dock.jobs", tr("Jobs"), new JobsPanel(m_session, this), Qt::BottomDockWidgetArea);
    addDock("dock.history", tr("History"), history, Qt::LeftDockWidgetArea);
    m_workspaces = new Workspaces(*this, m_actions, m_preferences);
    m_workspaces->apply(Workspaces::Shipped::Editing);
}

void MainWindow::makeStatusBar() {
    m_engineState = new QLabel(this);
    m_jobText = new QLabel(this);
    m_jobBar = new QProgressBar(this);
    m_jobBar->setRange(0, 1000);
    m_jobBar->setFixedWidth(160);
    m_jobBar->setTextVisible(false);
    m_jobBar->setAccessibleName(tr("Progress of all jobs"));
    statusBar()->addWidget(m_engineState);
    statusBar()->addPermanentWidget(m_jobText);
    statusBar()->addPermanentWidget(m_jobBar);
}

void MainWindow::connectFile() {
    m_recentMenu = new QMenu(this);
    m_actions.at("file.recent")->setMenu(m_recentMenu);
    m_actions.onTriggered("file.new", [this] {
        if (mayReplace())
            m_session.document().reset();
    });
    m_actions.onTriggered("file.open", [this] { openFile(); });
    m_actions.onTriggered("file.save", [this] { save(); });
    m_actions.onTriggered("file.saveAs", [this] { saveAs(); });
    m_actions.onTriggered("file.render", [this] { render(); });
    m_actions.onTriggered("file.models", [this] { ModelsDialog(m_session.engine(), this).exec(); });
    m_actions.onTriggered("file.preferences",
                          [this] { PreferencesDialog(m_preferences, this).exec(); });
    m_actions.onTriggered("file.quit", [this] { close(); });
    connect(&m_preferences, &Preferences::recentFilesChanged, this, &MainWindow::refreshRecent);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::openFile);
    connect(m_welcome, &WelcomePage::sampleRequested, this, &MainWindow::openSample);
    connect(m_welcome, &WelcomePage::fileRequested, this, &MainWindow::open);
}

void MainWindow::connectEdit() {
    QUndoStack& stack = m_session.document().undoStack();
    QAction *undo = m_actions.at("edit.undo"), *redo = m_actions.at("edit.redo");
    connect(undo, &QAction::triggered, &stack, &QUndoStack::undo);
    connect(redo, &QAction::triggered, &stack, &QUndoStack::redo);
    const auto show = [this, &stack, undo, redo] {
        undo->setEnabled(stack.canUndo());
        redo->setEnabled(stack.canRedo());
        undo->setText(stack.canUndo() ? tr("&Undo %1").arg(stack.undoText()) : tr("&Undo"));
        redo->setText(stack.canRedo() ? tr("&Redo %1").arg(stack.redoText()) : tr("&Redo"));
        for (QAction* action : {undo, redo})
            action->setToolTip(plainName(action));
    };
    connect(&stack, &QUndoStack::indexChanged, this, show);
    connect(&stack, &QUndoStack::cleanChanged, this, show);
    show();
    m_actions.onTriggered("edit.search", [this] { CommandSearch(m_actions.all(), this).exec(); });
    m_actions.onTriggered("edit.shortcuts", [this] { ShortcutsDialog(m_actions, this).exec(); });
}

void MainWindow::connectClip() {
    m_actions.onTriggered("clip.decompose", [this] { m_session.decompose(); });
    m_actions.onTriggered("clip.identity", [this] { m_sources->choose(SourceSlot::Identity); });
    m_actions.onTriggered("clip.motion", [this] { m_sources->choose(SourceSlot::Motion); });
    m_actions.onTriggered("clip.scene", [this] { m_sources->choose(SourceSlot::Scene); });
    m_actions.onTriggered("clip.clear", [this] { clearSources(); });
    m_actions.onTriggered("clip.forward", [this] { m_layers->shiftCurrent(1); });
    m_actions.onTriggered("clip.backward", [this] { m_layers->shiftCurrent(-1); });
}

void MainWindow::connectWindow() {
    m_actions.onToggled("window.fullScreen",
                        [this](bool on) { on ? showFullScreen() : showNormal(); });
    m_actions.onTriggered("help.first", [this] { m_pages->setCurrentWidget(m_welcome); });
    m_actions.onTriggered("help.about", [this] { AboutDialog(this).exec(); });
}

void MainWindow::connectSession() {
    Document& document = m_session.document();
    connect(&document, &Document::modifiedChanged, this, &MainWindow::refreshTitle);
    connect(&document, &Document::filePathChanged, this, &MainWindow::refreshTitle);
    connect(&document, &Document::changed, this, &MainWindow::showPage);
    connect(&m_session, &Session::noticed, m_notices, &NoticeBar::showNotice);
    connect(&m_session.jobs(), &JobList::activityChanged, this, &MainWindow::refreshProgress);
    connect(&m_session.jobs(), &JobList::ended, this, [this](const JobEntry& job) {
        if (job.kind == JobKind::Edit && job.end == JobEntry::End::Finished)
            m_session.notify(NoticeKind::Info, tr("Rendered to %1.").arg(job.result));
    });
    EngineClient& engine = m_session.engine();
    connect(&engine, &EngineClient::stateChanged, this, &MainWindow::refreshProgress);
    connect(&engine, &EngineClient::workerReady, this, &MainWindow::refreshProgress);

    Player& player = m_session.player();
    connect(&player, &Player::frameReady, m_viewport, &Viewport::showFrame);
    connect(&player.provider(), &FrameProvider::cacheChanged, this, [this, &player] {
        m_viewport->setFacts(
            {player.provider().cacheState(), player.shownFrames(), player.droppedFrames()});
    });
    connect(m_viewport, &Viewport::probed, &m_inspector->clip(), &ClipSection::showProbe);
    connect(m_viewport, &Viewport::probeLeft, &m_inspector->clip(), &ClipSection::clearProbe);
    // The viewport pans with the space bar held down; tapped, it does what it does elsewhere.
    connect(m_viewport, &Viewport::spaceTapped, this, [this] {
        if (QAction* const action = m_actions.holderOf(QKeySequence(Qt::Key_Space), nullptr))
            action->trigger();
    });
    connect(m_viewport, &Viewport::failed, this,
            [this](const QString& message) { m_session.notify(NoticeKind::Error, message); });
}

void MainWindow::showPage() {
    const bool clip = m_session.document().project().clipItem() != nullptr;
    m_pages->setCurrentWidget(clip ? static_cast<QWidget*>(m_viewport) : m_welcome);
    if (!clip)
        m_viewport->clear();
}

void MainWindow::refreshTitle() {
    const Document& document = m_session.document();
    setWindowTitle(tr("%1[*] – Strata").arg(document.displayName()));
    setWindowModified(document.isModified());
    setWindowFilePath(toQt(document.filePath()));
}

void MainWindow::refreshRecent() {
    const QStringList files = m_preferences.recentFiles();
    m_recentMenu->clear();
    for (const QString& path : files)
        m_recentMenu->addAction(path, this, [this, path] { open(path); });
    m_recentMenu->addSeparator();
    m_recentMenu->addAction(tr("Clear the List"), &m_preferences, &Preferences::clearRecentFiles);
    m_recentMenu->setEnabled(!files.isEmpty());
    m_welcome->setRecentFiles(files);
}

void MainWindow::refreshProgress() {
    const JobList& jobs = m_session.jobs();
    const int active = jobs.activeCount();
    m_jobBar->setVisible(active > 0);
    m_jobBar->setValue(int(jobs.overallFraction() * 1000));
    QString text;
    for (const JobEntry& job : jobs.entries())
        if (job.isActive() && text.isEmpty())
            text = tr("%1: %2").arg(job.title, progressText(job));
    m_jobText->setText(active > 1 ? tr("%1 (%n more)", nullptr, active - 1).arg(text) : text);
    const EngineClient& engine = m_session.engine();
    switch (engine.state()) {
    case EngineClient::State::Ready:
        m_engineState->setText(tr("Engine: %1").arg(toQt(engine.worker().deviceName)));
        break;
    case EngineClient::State::Starting:
        m_engineState->setText(tr("Engine: starting"));
        break;
    case EngineClient::State::Stopped:
    case EngineClient::State::Unavailable:
        m_engineState->setText(tr("Engine: not there"));
        break;
    }
}

void MainWindow::open(const QString& path) {
    const bool project = path.endsWith(QLatin1String(".strata"));
    if (project && !mayReplace())
        return;
    m_session.open(toPath(path));
    m_preferences.addRecentFile(path);
}

void MainWindow::openFile() {
    QStringList patterns{QStringLiteral("*.strata")};
    for (const QString& suffix : clipSuffixes())
        patterns << QStringLiteral("*.") + suffix;
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open a Video or a Project"), {},
        tr("Videos and projects (%1);;All files (*)").arg(patterns.join(QLatin1Char(' '))));
    if (!path.isEmpty())
        open(path);
}

void MainWindow::openSample() {
    const auto assets = assetsFolder();
    if (!assets)
        return m_session.notify(NoticeKind::Error, toQt(assets.error().message));
    open(toQt(*assets / "samples/walk.mp4"));
}

bool MainWindow::save() {
    const auto& file = m_session.document().filePath();
    if (file.empty())
        return saveAs();
    const Status saved = m_session.document().save(file);
    m_session.check(saved);
    if (saved)
        m_preferences.addRecentFile(toQt(file));
    return bool(saved);
}

bool MainWindow::saveAs() {
    QString path = QFileDialog::getSaveFileName(this, tr("Save the Project"),
                                                m_session.document().displayName() + ".strata",
                                                projectFilter());
    if (path.isEmpty())
        return false;
    if (!path.endsWith(QLatin1String(".strata")))
        path += QLatin1String(".strata");
    const Status saved = m_session.document().save(toPath(path));
    m_session.check(saved);
    if (saved)
        m_preferences.addRecentFile(path);
    return bool(saved);
}

bool MainWindow::mayReplace() {
    if (!m_session.document().isModified())
        return true;
    QMessageBox box(
        QMessageBox::Warning, tr("Unsaved Changes"),
        tr("“%1” has changes that are not saved.").arg(m_session.document().displayName()),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box.setDefaultButton(QMessageBox::Save);
    switch (box.exec()) {
    case QMessageBox::Save:
        return save();
    case QMessageBox::Discard:
        return true;
    default:
        return false;
    }
}

void MainWindow::render() {
    RenderDialog dialog(m_session, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    m_session.check(m_session.render(toPath(dialog.path())));
    if (auto* jobs = findChild<QDockWidget*>(QStringLiteral("dock.jobs")))
        jobs->raise();
}

void MainWindow::clearSources() {
    Document& document = m_session.document();
    const MacroScope macro(document.undoStack(), tr("Clear All Sources"));
    const SourceCommands commands(document);
    for (const Person& person : document.snapshot().people) {
        m_session.check(commands.setIdentity(person.id, {}));
        m_session.check(commands.setMotion(person.id, {}));
    }
    m_session.check(commands.setScene({}));
}

/// The docks' sizes mean something only once the window has its own.
void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (m_preferences.windowState().isEmpty())
        QTimer::singleShot(0, m_workspaces,
                           [this] { m_workspaces->apply(Workspaces::Shipped::Editing); });
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!mayReplace()) {
        event->ignore();
        return;
    }
    m_preferences.setWindow(saveGeometry(), m_workspaces->state());
    if (m_autosave)
        m_autosave->close();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!firstLocalFile(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

/// A video is opened; a picture or motion goes to the person.
void MainWindow::dropEvent(QDropEvent* event) {
    const QString path = firstLocalFile(event->mimeData());
    event->acceptProposedAction();
    const auto kind = mediaKindOf(toPath(path));
    if (kind == MediaKind::Picture)
        m_sources->drop(SourceSlot::Identity, path);
    else if (kind == MediaKind::Motion)
        m_sources->drop(SourceSlot::Motion, path);
    else
        open(path);
}

} // namespace strata::ui
