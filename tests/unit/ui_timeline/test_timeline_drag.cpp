// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_drag.h"

#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestTimelineDrag : public QObject {
    Q_OBJECT
    const RulerScale scale{10, 0, 0}; // ten points a frame, frame 0 at the left edge
    TimelineModel model;
    TimelineDrag drag;

    static TimelineHit on(TimelinePart part, std::int64_t id = -1) {
        return {part, TimelineRow::Ruler, id, 0};
    }
    std::optional<DragStep> press(TimelinePart part, double x, std::int64_t id = -1,
                                  bool snaps = false) {
        return drag.press(model, on(part, id), scale, x, snaps);
    }
    static DragStep toFrame(std::int64_t frame) { return {DragStep::Kind::Frame, frame, {}, -1}; }
    static DragStep toRange(FrameRange range) { return {DragStep::Kind::InOut, 0, range, -1}; }
    static DragStep toMarker(std::int64_t id, std::int64_t frame) {
        return {DragStep::Kind::Marker, frame, {}, id};
    }
    using State = TimelineDrag::State;

private Q_SLOTS:
    void init() {
        model = {};
        model.frameCount = 100;
        model.inOut = {20, 60};
        model.currentFrame = 5;
        model.markers = {{7, 50, {}, {}}, {3, 10, {}, {}}};
        drag = {};
    }

    void thePlayheadGoesToTheFrameUnderThePointer() {
        QVERIFY(press(TimelinePart::Frames, 337) == toFrame(33));
        QCOMPARE(drag.state(), State::Playhead);
        QVERIFY(!drag.move(scale, 339.9, false)); // still the same frame
        QVERIFY(drag.move(scale, 340, false) == toFrame(34));
        QVERIFY(drag.move(scale, -50, false) == toFrame(0));
        QVERIFY(drag.move(scale, 5000, false) == toFrame(99));
        QVERIFY(!drag.release());
        QVERIFY(!drag.active());
        QVERIFY(!drag.move(scale, 100, false));
    }

    void aPressOnTheCurrentFrameMovesNothing() {
        QVERIFY(!press(TimelinePart::Track, 55));
        QCOMPARE(drag.state(), State::Playhead);
        QVERIFY(!drag.cancel());
    }

    void cancellingBringsTheOldFrameBack() {
        QVERIFY(press(TimelinePart::Frames, 337).has_value());
        QVERIFY(drag.cancel() == toFrame(5));
        QVERIFY(!drag.active());
    }

    void inStaysBeforeOut() {
        QVERIFY(!press(TimelinePart::InHandle, 197));
        QVERIFY(!drag.move(scale, 198, false));
        QVERIFY(drag.move(scale, 247, false) ==
                toRange({25, 60})); // held 3 points left of its place
        QVERIFY(drag.move(scale, 900, false) == toRange({59, 60}));
        QVERIFY(drag.move(scale, -90, false) == toRange({0, 60}));
        QVERIFY(drag.cancel() == toRange({20, 60}));
    }

    void outStaysAfterInAndWithinTheClip() {
        QVERIFY(!press(TimelinePart::OutHandle, 600));
        QVERIFY(drag.move(scale, 2000, false) == toRange({20, 100}));
        QVERIFY(drag.move(scale, 10, false) == toRange({20, 21}));
    }

    void aWholeClipIsNotChangedByHoldingItsEnd() {
        model.inOut = {};
        QVERIFY(!press(TimelinePart::OutHandle, 1000));
        QVERIFY(!drag.move(scale, 1002, false));
        QVERIFY(!drag.cancel());
        QVERIFY(!press(TimelinePart::OutHandle, 1000));
        QVERIFY(drag.move(scale, 900, false) == toRange({0, 90}));
        QVERIFY(drag.cancel() == toRange({})); // as the owner said it
    }

    void aMarkerMovesOnlyWhenDragged() {
        QVERIFY(!press(TimelinePart::Marker, 504, 7));
        QVERIFY(!drag.move(scale, 506, false));
        QCOMPARE(drag.state(), State::MarkerPressed);
        QVERIFY(drag.move(scale, 524, false) == toMarker(7, 52));
        QCOMPARE(drag.state(), State::Marker);
        QVERIFY(drag.move(scale, 504, false) == toMarker(7, 50)); // and back again
        QVERIFY(!drag.release());
    }

    void aClickedMarkerBringsThePlayhead() {
        QVERIFY(!press(TimelinePart::Marker, 504, 7));
        QVERIFY(drag.release() == toFrame(50));
    }

    void cancellingBringsAMarkerBack() {
        QVERIFY(!press(TimelinePart::Marker, 504, 7));
        QVERIFY(drag.move(scale, 704, false) == toMarker(7, 70));
        QVERIFY(drag.cancel() == toMarker(7, 50));
    }

    void everythingSticksWhenItShould() {
        QVERIFY(press(TimelinePart::Frames, 493, -1, true) == toFrame(50));
        QVERIFY(drag.move(scale, 485, true) == toFrame(48)); // 15 points off: out of reach
        QVERIFY(drag.move(scale, 493, false) == toFrame(49));
        QVERIFY(drag.release() == std::nullopt);
        QVERIFY(!press(TimelinePart::OutHandle, 600));
        QVERIFY(drag.move(scale, 507, true) == toRange({20, 50}));
        drag.release();
        QVERIFY(!press(TimelinePart::Marker, 100, 3));
        QVERIFY(drag.move(scale, 54, true) == toMarker(3, 5)); // the playhead
    }

    void theOwnerMayChangeTheModelDuringADrag() {
        QVERIFY(!press(TimelinePart::InHandle, 200));
        const auto first = drag.move(scale, 250, false);
        model.inOut = first->inOut;
        QVERIFY(drag.move(scale, 260, false) == toRange({26, 60}));
        QVERIFY(drag.cancel() == toRange({20, 60}));
    }

    void nothingIsDraggedWhereNothingIs() {
        QVERIFY(!press(TimelinePart::Nothing, 10));
        QVERIFY(!press(TimelinePart::TrackHeader, 10, 1));
        QVERIFY(!drag.active());
        model = {};
        QVERIFY(!press(TimelinePart::Frames, 10));
        QVERIFY(!drag.active());
    }
};

QTEST_GUILESS_MAIN(TestTimelineDrag)
#include "test_timeline_drag.moc"
