// SPDX-License-Identifier: Apache-2.0
// The editor as a person uses it: real window, real worker, a few frames of the bundled sample.
#include "app/studio/studio.h"
#include "tests/gui/own_folders.h"
#include "tests/gui/screen_main.h"
#include "ui/bridge/text.h"
#include "ui/main_window/notice_bar.h"
#include "ui/panels/layers/layer_rows.h"
#include "ui/panels/sources/source_slot.h"

#include <QDir>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QMimeData>
#include <QProcess>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeView>
#include <QUrl>

#include <csignal>

using namespace strata;
using namespace strata::ui;

namespace {

constexpr int kFrames = 12;
constexpr int kLongMs = 600000;

QString sample(const char* name) {
    return QStringLiteral(STRATA_SOURCE_DIR "/assets/samples/") + QLatin1String(name);
}

/// The longest that the GUI thread was away from its event loop.
class Watchdog : public QObject {
public:
    Watchdog() {
        m_timer.callOnTimeout([this] { m_longest = std::max(m_longest, m_since.restart()); });
        m_since.start();
        m_timer.start(5);
    }
    void tell(const char* during) {
        qInfo("%s: the GUI thread was away for at most %lld ms", during, m_longest);
        m_longest = 0;
        m_since.restart();
    }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

} // namespace

class TestEditor : public QObject {
    Q_OBJECT
    QTemporaryDir folder;
    QString clip;
    std::unique_ptr<Studio> studio;

    Session& session() { return studio->session(); }
    const Project& project() { return session().document().project(); }
    LayerStore& layers() { return session().player().layers(); }

    bool isDecomposed() {
        for (const JobEntry& job : session().jobs().entries())
            if (job.kind == JobKind::Decompose && job.end == JobEntry::End::Finished)
                return true;
        return false;
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return studio->window().findChild<Widget*>(QLatin1String(name));
    }
    SourceSlotWidget* slot(SourceSlot kind) {
        for (auto* each : studio->window().findChildren<SourceSlotWidget*>())
            if (each->slot() == kind)
                return each;
        return nullptr;
    }
    static void drop(QWidget* on, const QString& path) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(on->rect().center(), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(on, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(on->rect().center(), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(on, &event);
    }
    void shoot(const char* name) {
        QDir(STRATA_BINARY_DIR).mkpath("screenshots");
        studio->window().grab().save(QStringLiteral(STRATA_BINARY_DIR "/screenshots/editor_%1.png")
                                         .arg(QLatin1String(name)));
    }

private Q_SLOTS:
    void initTestCase() {
        useOwnFolders(folder);
        clip = folder.filePath("walk.mp4");
        QCOMPARE(QProcess::execute("ffmpeg", {"-v", "error", "-i", sample("walk.mp4"), "-frames:v",
                                              QString::number(kFrames), "-crf", "10", clip}),
                 0);
        QProcess models;
        models.start(STRATA_PROGRAM, {"--json", "models", "list"});
        QVERIFY(models.waitForFinished(60000));
        if (models.readAllStandardOutput().count("\"state\":\"ready\"") < 4)
            QSKIP("the lite models are not installed");
        studio = std::make_unique<Studio>();
        studio->start({});
    }
    void cleanupTestCase() { studio.reset(); }

    void aClipIsOpenedAndTakenApart() {
        QSignalSpy painted(&studio->window().viewport(), &Viewport::framePainted);
        Watchdog watchdog;
        studio->window().open(clip);
        QVERIFY(QTest::qWaitFor([&] { return painted.count() > 0; }, 60000));
        QCOMPARE(project().frameCount(), std::int64_t(kFrames));
        watchdog.tell("opening the clip");
        QVERIFY(QTest::qWaitFor([&] { return isDecomposed(); }, kLongMs));
        watchdog.tell("taking it apart");
        QVERIFY(!project().people.empty());
        QCOMPARE(session().currentPerson(), project().people.front().id);
        for (const auto kind : {ui::LayerKind::Plate, ui::LayerKind::Human, ui::LayerKind::Occluder,
                                ui::LayerKind::Alpha, ui::LayerKind::Depth, ui::LayerKind::Body})
            QVERIFY2(layers().has(kind, kFrames - 1), qPrintable(QString::number(int(kind))));
        QCOMPARE(int(session().confidence().size()), kFrames);
        shoot("taken_apart");
    }

    void scrubbingShowsTheFrame() {
        QSignalSpy painted(&studio->window().viewport(), &Viewport::framePainted);
        session().player().clock().seek(7);
        QVERIFY(QTest::qWaitFor(
            [&] { return !painted.isEmpty() && painted.last().at(0).toLongLong() == 7; }, 20000));
    }

    void theSpaceBarPlaysInTheViewport() {
        const PlaybackClock& clock = session().player().clock();
        QCOMPARE(clock.speed(), 0);
        QTest::keyClick(&studio->window().viewport(), Qt::Key_Space);
        QCOMPARE(clock.speed(), 1);
        QTest::keyClick(&studio->window().viewport(), Qt::Key_Space);
        QCOMPARE(clock.speed(), 0);
    }

    void layersAreToggledAndEverythingIsUndone() {
        QUndoStack& stack = session().document().undoStack();
        const Project before = project();
        const int clean = stack.index();
        auto* view = find<QTreeView>("layers");
        QVERIFY(view);
        const QModelIndex eye = view->model()->index(0, LayerRows::Visible);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(eye).center());
        QVERIFY(!project().layers.back().visible);
        session().player().clock().seek(3);
        studio->window().actions().at("play.in")->trigger();
        session().player().clock().seek(8);
        studio->window().actions().at("play.out")->trigger();
        QCOMPARE(project().range, (FrameRange{3, 9}));
        const Project after = project();
        while (stack.index() > clean)
            stack.undo();
        QCOMPARE(project(), before);
        while (stack.canRedo())
            stack.redo();
        QCOMPARE(project(), after);
    }

    void aMatteIsPainted() {
        const Project before = project();
        auto* view = find<QTreeView>("layers");
        view->setCurrentIndex(view->model()->index(1, LayerRows::Name)); // the person
        QAction* const brush = studio->window().actions().at("brush.paint");
        Viewport& viewport = studio->window().viewport();
        QSignalSpy shown(&viewport, &Viewport::framePainted);
        session().player().clock().seek(4);
        QVERIFY(QTest::qWaitFor(
            [&] { return !shown.empty() && shown.back().front().toLongLong() == 4; }, kLongMs));
        const ViewMode mode = viewport.view().state().mode;
        brush->trigger();
        QVERIFY(brush->isChecked());
        QCOMPARE(viewport.view().state().mode, ViewMode::Rubylith);
        const double radius = viewport.brushRadius();
        studio->window().actions().at("brush.larger")->trigger();
        QVERIFY(viewport.brushRadius() > radius);
        const QPoint at = viewport.toWidget({200, 100}).toPoint();
        QTest::mousePress(&viewport, Qt::LeftButton, {}, at);
        QTest::mouseMove(&viewport, at + QPoint(30, 0));
        QTest::mouseRelease(&viewport, Qt::LeftButton, {}, at + QPoint(30, 0));
        QCOMPARE(project().strokes.size(), std::size_t(1));
        QCOMPARE(project().strokes[0].layer, project().layers[1].id);
        QCOMPARE(project().strokes[0].frame, std::int64_t(4));
        shoot("brush");
        brush->trigger();
        QVERIFY(!brush->isChecked());
        QCOMPARE(viewport.view().state().mode, mode);
        QTest::mouseClick(&viewport, Qt::LeftButton, {}, at); // paints no more
        QCOMPARE(project().strokes.size(), std::size_t(1));
        studio->window().actions().at("brush.clear")->trigger();
        QVERIFY(project().strokes.empty());
        session().document().undoStack().undo();
        session().document().undoStack().undo();
        QCOMPARE(project(), before);
    }

    void layersChangeTheirPlacesAndEdges() {
        auto* view = find<QTreeView>("layers");
        QAbstractItemModel* model = view->model();
        const Project before = project();
        const auto top = [&] { return project().layers.back().kind; };
        QCOMPARE(top(), strata::LayerKind::Occluder);
        const std::unique_ptr<QMimeData> dragged(model->mimeData({model->index(0, 0)}));
        QVERIFY(dragged);
        model->dropMimeData(dragged.get(), Qt::MoveAction, 2, 0, {}); // under the person
        QCOMPARE(top(), strata::LayerKind::Person);
        model->dropMimeData(dragged.get(), Qt::MoveAction, 3, 0, {}); // not under the scene
        QCOMPARE(project().layers.front().kind, strata::LayerKind::Scene);
        view->setCurrentIndex(model->index(1, LayerRows::Name)); // what is in front
        studio->window().actions().at("clip.forward")->trigger();
        QCOMPARE(top(), strata::LayerKind::Occluder);
        auto* grow = find<QSpinBox>("grow");
        auto* feather = find<QSpinBox>("feather");
        grow->setValue(4);
        feather->setValue(2);
        QCOMPARE(project().layers.back().trim, (MatteTrim{4, 2}));
        view->setCurrentIndex(model->index(2, LayerRows::Name));
        QVERIFY(!grow->isEnabled() && grow->value() == 0); // the scene has no edge
        QUndoStack& stack = session().document().undoStack();
        while (project() != before && stack.canUndo())
            stack.undo();
        QCOMPARE(project(), before);
    }

    void aDroppedPictureBecomesTheIdentityAndIsDrawn() {
        session().player().clock().seek(5);
        drop(slot(SourceSlot::Identity), sample("identity_2.jpg"));
        const PersonId person = *session().currentPerson();
        QVERIFY(QTest::qWaitFor(
            [&] { return project().find(person)->sources.identity.has_value(); }, 20000));
        QVERIFY(QTest::qWaitFor([&] { return layers().has(ui::LayerKind::Result, 5); }, kLongMs));
        QTest::qWait(500);
        shoot("identity");
    }

    void aDroppedMotionAndSceneAreTaken() {
        const PersonId person = *session().currentPerson();
        drop(slot(SourceSlot::Motion), sample("walk_motion.npz"));
        QVERIFY(QTest::qWaitFor([&] { return project().find(person)->sources.motion.has_value(); },
                                20000));
        drop(slot(SourceSlot::Scene), sample("identity_1.jpg"));
        QVERIFY(QTest::qWaitFor([&] { return project().scene.has_value(); }, 20000));
        session().document().undoStack().undo();
        session().document().undoStack().undo();
        QVERIFY(!project().scene && !project().find(person)->sources.motion);
    }

    void whatIsSavedIsOpenedAgain() {
        const Project saved = project();
        const QString file = folder.filePath("edit.strata");
        QVERIFY(session().document().save(toPath(file)));
        session().document().reset();
        QVERIFY(!project().clipItem());
        studio->window().open(file);
        QCOMPARE(project(), saved);
        QVERIFY(QTest::qWaitFor([&] { return layers().has(ui::LayerKind::Plate, 0); }, kLongMs));
    }

    void aKilledWorkerIsStartedAgainAndRendersOn() {
        const QString out = folder.filePath("out.mp4");
        QSignalSpy lost(&session().engine(), &EngineClient::workerLost);
        QSignalSpy started(&session().engine(), &EngineClient::jobStarted);
        Watchdog watchdog;
        QVERIFY(session().render(toPath(out)));
        QVERIFY(QTest::qWaitFor([&] { return started.count() > 0; }, 60000));
        QVERIFY(QProcess::startDetached(
            "pkill",
            {"-KILL", "-P", QString::number(QCoreApplication::applicationPid()), "strata"}));
        QVERIFY(QTest::qWaitFor([&] { return lost.count() > 0; }, 20000));
        QVERIFY(!studio->window().notices().message().isEmpty());
        QVERIFY(QTest::qWaitFor([&] { return QFile::exists(out); }, kLongMs));
        watchdog.tell("a killed worker and the render");
    }
};

STRATA_GUI_TEST_MAIN(TestEditor)
#include "test_editor.moc"
