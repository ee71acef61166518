// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/ruler_scale.h"
#include "ui/widgets/timeline/timeline_layout.h"
#include "ui/widgets/timeline/timeline_widget.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace strata;
using namespace strata::ui;

class TestTimelineWidget : public QObject {
    Q_OBJECT
    std::unique_ptr<TimelineWidget> m_timeline;

    static TimelineModel model() {
        TimelineModel model;
        model.frameCount = 1000;
        model.rate = {24, 1};
        model.inOut = {100, 800};
        model.currentFrame = 500;
        model.markers = {{7, 600, "jump", {}}, {3, 200, "start", {}}};
        model.tracks = {{11, "Scene", TrackKind::Scene, {}, {{0, 1000}}},
                        {12, "Ada", TrackKind::Person, {}, {{50, 900}}}};
        return model;
    }

    TimelineLayout layout() const { return {m_timeline->viewport()->size(), {false, false, 2}, 0}; }
    double x(double frame) const {
        return TimelineLayout::kHeaderWidth + 14 + frame * m_timeline->zoom() -
               m_timeline->horizontalScrollBar()->value();
    }
    /// The middle of a frame, or a border for handles and markers.
    QPoint at(double frame, TimelineRow row) const {
        return {qRound(x(frame)), layout().row(row).center().y()};
    }
    void mouse(QEvent::Type type, QPoint point, Qt::MouseButton button, Qt::MouseButtons buttons,
               Qt::KeyboardModifiers modifiers = {}) const {
        QWidget* view = m_timeline->viewport();
        QMouseEvent event(type, point, view->mapToGlobal(point), button, buttons, modifiers);
        QApplication::sendEvent(view, &event);
    }
    void press(QPoint point, Qt::KeyboardModifiers modifiers = {}) const {
        mouse(QEvent::MouseButtonPress, point, Qt::LeftButton, Qt::LeftButton, modifiers);
    }
    void moveTo(QPoint point, Qt::KeyboardModifiers modifiers = {}) const {
        mouse(QEvent::MouseMove, point, Qt::NoButton, Qt::LeftButton, modifiers);
    }
    void release(QPoint point) const {
        mouse(QEvent::MouseButtonRelease, point, Qt::LeftButton, Qt::NoButton);
    }
    void wheel(QPoint point, int turn, Qt::KeyboardModifiers modifiers) const {
        QWidget* view = m_timeline->viewport();
        QWheelEvent event(point, view->mapToGlobal(point), {}, {0, turn}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(view, &event);
    }
    void key(int key, Qt::KeyboardModifiers modifiers = {}) const {
        QTest::keyClick(m_timeline.get(), Qt::Key(key), modifiers);
    }
    static FrameRange rangeOf(const QList<QVariant>& signal) {
        return signal.at(0).value<FrameRange>();
    }

private Q_SLOTS:
    void init() {
        m_timeline = std::make_unique<TimelineWidget>();
        m_timeline->resize(1200, 300);
        m_timeline->setModel(model());
        m_timeline->setSnapping(false);
        m_timeline->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_timeline.get()));
    }
    void cleanup() { m_timeline.reset(); }

    void theClipIsShownWholeAtFirst() {
        QCOMPARE(m_timeline->horizontalScrollBar()->maximum(), 0);
        QVERIFY(std::abs(x(1000) - (m_timeline->viewport()->width() - 14)) < 1);
        m_timeline->resize(900, 300);
        QVERIFY(std::abs(x(1000) - (m_timeline->viewport()->width() - 14)) < 1);
    }

    void pressingMovesThePlayheadAndDraggingScrubs() {
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        QSignalSpy started(m_timeline.get(), &TimelineWidget::scrubStarted);
        QSignalSpy finished(m_timeline.get(), &TimelineWidget::scrubFinished);
        press(at(300.5, TimelineRow::Ruler));
        QCOMPARE(started.size(), 1);
        QCOMPARE(requested.takeFirst().at(0).toLongLong(), 300);
        QCOMPARE(m_timeline->currentFrame(), 300);
        moveTo(at(420.5, TimelineRow::Ruler));
        QCOMPARE(requested.takeFirst().at(0).toLongLong(), 420);
        m_timeline->setCurrentFrame(300); // a late answer does not pull it from the pointer
        QCOMPARE(m_timeline->currentFrame(), 420);
        QCOMPARE(finished.size(), 0);
        release(at(420.5, TimelineRow::Ruler));
        QCOMPARE(finished.size(), 1);
        QVERIFY(requested.isEmpty());
        m_timeline->setCurrentFrame(421);
        QCOMPARE(m_timeline->currentFrame(), 421);
    }

    void escapeEndsAScrubWhereItBegan() {
        QSignalSpy finished(m_timeline.get(), &TimelineWidget::scrubFinished);
        press(at(300.5, TimelineRow::Cache));
        moveTo(at(700.5, TimelineRow::Cache));
        key(Qt::Key_Escape);
        QCOMPARE(m_timeline->currentFrame(), 500);
        QCOMPARE(finished.size(), 1);
        moveTo(at(720.5, TimelineRow::Cache));
        release(at(720.5, TimelineRow::Cache));
        QCOMPARE(m_timeline->currentFrame(), 500);
        QCOMPARE(finished.size(), 1);
    }

    void scrubbingReachesEveryFrameWhenZoomedIn() {
        m_timeline->zoomToRange({490, 510});
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        press(at(492.5, TimelineRow::Ruler));
        for (double frame = 492.5; frame < 506; frame += 0.25)
            moveTo(at(frame, TimelineRow::Ruler));
        QCOMPARE(requested.size(), 14);
        for (int i = 0; i < 14; ++i)
            QCOMPARE(requested.at(i).at(0).toLongLong(), 492 + i);
        release({});
    }

    void aDragIsOneGestureAndTheNextAnother() {
        QSignalSpy changed(m_timeline.get(), &TimelineWidget::inOutChanged);
        connect(m_timeline.get(), &TimelineWidget::inOutChanged, m_timeline.get(),
                [this](FrameRange range, int) { m_timeline->setInOut(range); });
        press(at(100, TimelineRow::Range) - QPoint(3, 0));
        moveTo(at(150, TimelineRow::Range) - QPoint(3, 0));
        moveTo(at(200, TimelineRow::Range) - QPoint(3, 0));
        release({});
        press(at(800, TimelineRow::Range) + QPoint(3, 0));
        moveTo(at(700, TimelineRow::Range) + QPoint(3, 0));
        key(Qt::Key_Escape);
        QCOMPARE(changed.size(), 4);
        QVERIFY(std::abs(rangeOf(changed.at(1)).begin - 200) <= 1);
        QCOMPARE(changed.at(0).at(1).toInt(), changed.at(1).at(1).toInt());
        QVERIFY(changed.at(2).at(1).toInt() != changed.at(1).at(1).toInt());
        QCOMPARE(changed.at(2).at(1).toInt(), changed.at(3).at(1).toInt());
        QVERIFY(rangeOf(changed.at(3)) == rangeOf(changed.at(1))); // as before the second drag
    }

    void markersAreDraggedClickedAndRemoved() {
        QSignalSpy moved(m_timeline.get(), &TimelineWidget::markerMoved);
        QSignalSpy removed(m_timeline.get(), &TimelineWidget::markerRemoved);
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        press(at(600, TimelineRow::Markers));
        release(at(600, TimelineRow::Markers));
        QCOMPARE(requested.takeLast().at(0).toLongLong(), 600);
        QCOMPARE(moved.size(), 0);
        press(at(200, TimelineRow::Markers));
        moveTo(at(260, TimelineRow::Markers));
        release({});
        QCOMPARE(moved.size(), 1);
        QCOMPARE(moved.at(0).at(0).toLongLong(), 3);
        QVERIFY(std::abs(moved.at(0).at(1).toLongLong() - 260) <= 1);
        key(Qt::Key_Delete);
        QCOMPARE(removed.at(0).at(0).toLongLong(), 3);
    }

    void snappingSticksAndShiftTurnsItRound() {
        m_timeline->setSnapping(true);
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        const QPoint beside = at(600, TimelineRow::Ruler) + QPoint(5, 0);
        press(beside);
        QCOMPARE(requested.takeLast().at(0).toLongLong(), 600);
        moveTo(beside, Qt::ShiftModifier);
        QVERIFY(requested.takeLast().at(0).toLongLong() > 600);
        release(beside);
        QSignalSpy toggled(m_timeline.get(), &TimelineWidget::snappingChanged);
        key(Qt::Key_S);
        QCOMPARE(toggled.at(0).at(0).toBool(), false);
    }

    void keysStepAndJump_data() {
        QTest::addColumn<int>("pressed");
        QTest::addColumn<bool>("shift");
        QTest::addColumn<qint64>("frame");
        const auto row = [](const char* name, int key, bool shift, qint64 frame) {
            QTest::newRow(name) << key << shift << frame;
        };
        row("left", Qt::Key_Left, false, 499);
        row("right", Qt::Key_Right, false, 501);
        row("shift left", Qt::Key_Left, true, 490);
        row("shift right", Qt::Key_Right, true, 510);
        row("home", Qt::Key_Home, false, 0);
        row("end", Qt::Key_End, false, 999);
        row("up", Qt::Key_Up, false, 200);
        row("down", Qt::Key_Down, false, 600);
    }
    void keysStepAndJump() {
        QFETCH(int, pressed);
        QFETCH(bool, shift);
        QFETCH(qint64, frame);
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        key(pressed, shift ? Qt::ShiftModifier : Qt::NoModifier);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.at(0).at(0).toLongLong(), frame);
        QCOMPARE(m_timeline->currentFrame(), frame);
    }

    void stepsStopAtTheEnds() {
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        m_timeline->setCurrentFrame(995);
        key(Qt::Key_Right, Qt::ShiftModifier);
        key(Qt::Key_Right);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.at(0).at(0).toLongLong(), 999);
    }

    void keysSetInAndOut() {
        QSignalSpy changed(m_timeline.get(), &TimelineWidget::inOutChanged);
        key(Qt::Key_I);
        key(Qt::Key_O);
        key(Qt::Key_X);
        QVERIFY(rangeOf(changed.at(0)) == (FrameRange{500, 800}));
        QVERIFY(rangeOf(changed.at(1)) == (FrameRange{100, 501}));
        QVERIFY(rangeOf(changed.at(2)) == FrameRange());
        m_timeline->setCurrentFrame(900); // in after out: to the end of the clip
        key(Qt::Key_I);
        QVERIFY(rangeOf(changed.at(3)) == (FrameRange{900, 1000}));
        m_timeline->setCurrentFrame(50); // out before in: from the start
        key(Qt::Key_O);
        QVERIFY(rangeOf(changed.at(4)) == (FrameRange{0, 51}));
        QVERIFY(changed.at(3).at(1).toInt() != changed.at(4).at(1).toInt());
    }

    void otherKeysAreLeftToTheWindow() {
        for (const auto& [pressed, modifiers] : {std::pair{Qt::Key_Space, Qt::NoModifier},
                                                 std::pair{Qt::Key_S, Qt::ControlModifier}}) {
            QKeyEvent event(QEvent::KeyPress, pressed, modifiers);
            event.accept();
            QApplication::sendEvent(m_timeline.get(), &event);
            QVERIFY(!event.isAccepted());
        }
    }

    void aNewMarkerIsAddedOrTheOldOneNamed() {
        QSignalSpy added(m_timeline.get(), &TimelineWidget::markerAdded);
        QSignalSpy renamed(m_timeline.get(), &TimelineWidget::markerRenamed);
        key(Qt::Key_M);
        QCOMPARE(added.takeFirst().at(0).toLongLong(), 500);
        m_timeline->setCurrentFrame(600);
        key(Qt::Key_M);
        QVERIFY(added.isEmpty());
        auto* field = m_timeline->findChild<QLineEdit*>();
        QVERIFY(field && field->isVisible());
        QCOMPARE(field->text(), QString("jump"));
        field->setText("  leap ");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(renamed.size(), 1);
        QCOMPARE(renamed.at(0).at(0).toLongLong(), 7);
        QCOMPARE(renamed.at(0).at(1).toString(), QString("leap"));
    }

    void escapeLeavesTheNameAsItWas() {
        QSignalSpy renamed(m_timeline.get(), &TimelineWidget::markerRenamed);
        const QPoint flag = at(200, TimelineRow::Markers);
        mouse(QEvent::MouseButtonDblClick, flag, Qt::LeftButton, Qt::LeftButton);
        auto* field = m_timeline->findChild<QLineEdit*>();
        QVERIFY(field);
        field->setText("other");
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(renamed.isEmpty());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!m_timeline->findChild<QLineEdit*>());
    }

    void theWheelZoomsAtThePointer() {
        QSignalSpy zoomed(m_timeline.get(), &TimelineWidget::zoomChanged);
        const QPoint point = at(700, TimelineRow::Ruler);
        for (int i = 0; i < 12; ++i)
            wheel(point, 120, Qt::ControlModifier);
        QCOMPARE(zoomed.size(), 12);
        QVERIFY(m_timeline->zoom() > 10);
        QVERIFY(std::abs(x(700) - point.x()) < 8); // scroll bars count whole points
        for (int i = 0; i < 40; ++i)
            wheel(point, -120, Qt::ControlModifier);
        QCOMPARE(m_timeline->horizontalScrollBar()->maximum(), 0); // no smaller than the view
        for (int i = 0; i < 60; ++i)
            wheel(point, 120, Qt::ControlModifier);
        QCOMPARE(m_timeline->zoom(), 160.0); // single frames
    }

    void theWheelScrolls() {
        m_timeline->setZoom(20);
        const int before = m_timeline->horizontalScrollBar()->value();
        wheel({600, 100}, -120, Qt::NoModifier);
        QCOMPARE(m_timeline->horizontalScrollBar()->value(), before + 60);
        for (int i = 0; i < 120; ++i) // the small turns of a touch pad add up to the same
            wheel({600, 100}, 1, Qt::NoModifier);
        QCOMPARE(m_timeline->horizontalScrollBar()->value(), before);
    }

    void zoomingToInAndOutShowsBoth() {
        m_timeline->zoomToInOut();
        const double left = TimelineLayout::kHeaderWidth;
        const double right = m_timeline->viewport()->width();
        QVERIFY(x(100) >= left && x(100) < left + 40);
        QVERIFY(x(800) <= right && x(800) > right - 40);
        m_timeline->zoomToFit();
        QCOMPARE(m_timeline->horizontalScrollBar()->maximum(), 0);
    }

    void theViewFollowsThePlayheadByPages() {
        m_timeline->setZoom(20);
        m_timeline->setCurrentFrame(10);
        QVERIFY(x(10) >= TimelineLayout::kHeaderWidth && x(10) < m_timeline->viewport()->width());
        const int before = m_timeline->horizontalScrollBar()->value();
        m_timeline->setCurrentFrame(12);
        QCOMPARE(m_timeline->horizontalScrollBar()->value(), before);
        m_timeline->setFollowsPlayhead(false);
        m_timeline->setCurrentFrame(900);
        QCOMPARE(m_timeline->horizontalScrollBar()->value(), before);
    }

    void draggingPastTheEdgeScrolls() {
        m_timeline->setZoom(20);
        m_timeline->horizontalScrollBar()->setValue(2000);
        press(at(150, TimelineRow::Ruler));
        const QPoint outside(m_timeline->viewport()->width() + 60, 30);
        moveTo(outside);
        const qint64 frame = m_timeline->currentFrame();
        QTRY_VERIFY(m_timeline->currentFrame() > frame + 5);
        release(outside);
        const int scroll = m_timeline->horizontalScrollBar()->value();
        QTest::qWait(80);
        QCOMPARE(m_timeline->horizontalScrollBar()->value(), scroll);
    }

    void aTrackIsSelectedByItsNameAndItsRow() {
        QSignalSpy selected(m_timeline.get(), &TimelineWidget::trackSelected);
        const int y = layout().track(1).center().y();
        press({20, y});
        release({20, y});
        press({700, y});
        release({700, y});
        QCOMPARE(selected.size(), 2);
        QCOMPARE(selected.at(0).at(0).toLongLong(), 12);
        QCOMPARE(selected.at(1).at(0).toLongLong(), 12);
    }

    void theMenuOffersWhatIsUnderThePointer() {
        QSignalSpy added(m_timeline.get(), &TimelineWidget::markerAdded);
        QSignalSpy removed(m_timeline.get(), &TimelineWidget::markerRemoved);
        QSignalSpy changed(m_timeline.get(), &TimelineWidget::inOutChanged);
        choose(at(300.5, TimelineRow::Ruler), "Add marker here");
        QCOMPARE(added.at(0).at(0).toLongLong(), 300);
        choose(at(300.5, TimelineRow::Ruler), "Set out here");
        QVERIFY(rangeOf(changed.at(0)) == (FrameRange{100, 301}));
        choose(at(600, TimelineRow::Markers), "Delete marker");
        QCOMPARE(removed.at(0).at(0).toLongLong(), 7);
    }

    void anotherClipIsShownWhole() {
        m_timeline->setZoom(50);
        TimelineModel same = model();
        same.markers.clear();
        m_timeline->setModel(same);
        QCOMPARE(m_timeline->zoom(), 50.0);
        same.frameCount = 40;
        m_timeline->setModel(same);
        QCOMPARE(m_timeline->horizontalScrollBar()->maximum(), 0);
        QCOMPARE(m_timeline->currentFrame(), 39);
    }

    void anEmptyClipTakesEveryInput() {
        m_timeline->setModel({});
        QSignalSpy requested(m_timeline.get(), &TimelineWidget::frameRequested);
        QSignalSpy changed(m_timeline.get(), &TimelineWidget::inOutChanged);
        QSignalSpy added(m_timeline.get(), &TimelineWidget::markerAdded);
        for (const int pressed : {Qt::Key_Left, Qt::Key_End, Qt::Key_I, Qt::Key_O, Qt::Key_M,
                                  Qt::Key_Down, Qt::Key_Plus, Qt::Key_0, Qt::Key_Z, Qt::Key_Delete})
            key(pressed);
        press({600, 30});
        moveTo({700, 30});
        release({700, 30});
        m_timeline->grab();
        QVERIFY(requested.isEmpty() && changed.isEmpty() && added.isEmpty());
    }

    void itTellsWhatItIs() {
        QCOMPARE(m_timeline->accessibleName(), QString("Timeline"));
        m_timeline->setCurrentFrame(48);
        QCOMPARE(m_timeline->accessibleDescription(), QString("Frame 48 of 1000, 00:00:02:00"));
        QCOMPARE(m_timeline->currentTimecode(), QString("00:00:02:00"));
        QCOMPARE(m_timeline->focusPolicy(), Qt::StrongFocus);
    }

private:
    void choose(QPoint point, const QString& text) {
        QWidget* view = m_timeline->viewport();
        QContextMenuEvent event(QContextMenuEvent::Mouse, point, view->mapToGlobal(point));
        QApplication::sendEvent(view, &event);
        auto* menu = m_timeline->findChild<QMenu*>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(menu);
        bool found = false;
        for (QAction* action : menu->actions())
            if (action->text() == text) {
                action->trigger();
                found = true;
            }
        menu->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY2(found, qPrintable(text));
    }
};

QTEST_MAIN(TestTimelineWidget)
#include "test_timeline_widget.moc"
