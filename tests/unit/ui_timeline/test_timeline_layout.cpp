// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_hit.h"
#include "ui/widgets/timeline/timeline_layout.h"
#include "ui/widgets/timeline/timeline_painters.h"

#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestTimelineLayout : public QObject {
    Q_OBJECT
    static TimelineModel model() {
        TimelineModel model;
        model.frameCount = 100;
        model.inOut = {20, 60};
        model.markers = {{7, 50, "late", {}}, {3, 10, "early", {}}};
        for (int i = 0; i < 6; ++i)
            model.tracks.push_back({100 + i, QString::number(i), TrackKind::Person, {}, {}});
        return model;
    }
    static constexpr int kLeft = TimelineLayout::kHeaderWidth;

private Q_SLOTS:
    void rowsFollowOneAnother() {
        const TimelineLayout layout({800, 400}, {true, true, 3}, 0);
        int y = 0;
        for (const TimelineRow row : kTimelineRows) {
            const QRect place = layout.row(row);
            QCOMPARE(place.y(), y);
            QCOMPARE(place.x(), kLeft);
            QCOMPARE(place.x() + place.width(), 800);
            QVERIFY(place.height() > 0);
            QCOMPARE(layout.header(row), QRect(0, y, kLeft, place.height()));
            y += place.height();
        }
        QCOMPARE(y, 400);
        QCOMPARE(TimelineLayout::fullHeight({true, true, 3}),
                 layout.row(TimelineRow::Tracks).y() + 3 * TimelineLayout::kTrackHeight);
    }

    void rowsWithoutMediaTakeNoRoom() {
        const TimelineLayout layout({800, 400}, {false, false, 0}, 0);
        QCOMPARE(layout.row(TimelineRow::Thumbnails).height(), 0);
        QCOMPARE(layout.row(TimelineRow::Sound).height(), 0);
    }

    void aTinyViewHasNoNegativeSizes() {
        for (const QSize size : {QSize(0, 0), QSize(50, 20), QSize(kLeft, 90)}) {
            const TimelineLayout layout(size, {true, true, 9}, 0);
            for (const TimelineRow row : kTimelineRows)
                QVERIFY(layout.row(row).width() >= 0 && layout.row(row).height() >= 0);
        }
    }

    void tracksScroll() {
        const TimelineLayout layout({800, 300}, {false, false, 6}, 30);
        const int top = layout.row(TimelineRow::Tracks).y();
        QCOMPARE(layout.track(0).y(), top - 30);
        QCOMPARE(layout.trackAt(top), 1);
        QCOMPARE(layout.trackAt(top - 1), -1);
        QCOMPARE(layout.trackAt(layout.track(5).y() + TimelineLayout::kTrackHeight), -1);
    }

    void everyPlaceIsWhatItLooksLike() {
        const TimelineModel shown = model();
        const TimelineLayout layout({1200, 400}, {true, true, 6}, 0);
        const RulerScale scale(10, kLeft + 14, 0);
        const auto hit = [&](double frame, TimelineRow row) {
            return timelineHit(shown, layout, scale,
                               {qRound(scale.x(frame)), layout.row(row).center().y()});
        };
        QCOMPARE(hit(33.5, TimelineRow::Ruler).part, TimelinePart::Frames);
        QCOMPARE(hit(33.5, TimelineRow::Ruler).frame, std::int64_t(33));
        QCOMPARE(hit(-0.8, TimelineRow::Ruler).frame, std::int64_t(0));
        QCOMPARE(hit(101, TimelineRow::Ruler).frame, std::int64_t(99));
        QCOMPARE(hit(19.6, TimelineRow::Range).part, TimelinePart::InHandle);
        QCOMPARE(hit(60.4, TimelineRow::Range).part, TimelinePart::OutHandle);
        QCOMPARE(hit(40, TimelineRow::Range).part, TimelinePart::Frames);
        QCOMPARE(hit(50.3, TimelineRow::Markers).part, TimelinePart::Marker);
        QCOMPARE(hit(50.3, TimelineRow::Markers).id, std::int64_t(7));
        QCOMPARE(hit(51.5, TimelineRow::Markers).part, TimelinePart::Frames);
        QCOMPARE(hit(50, TimelineRow::Sound).part, TimelinePart::Frames);

        const auto track = timelineHit(shown, layout, scale, {600, layout.track(2).center().y()});
        QCOMPARE(track.part, TimelinePart::Track);
        QCOMPARE(track.id, std::int64_t(102));
        const auto name = timelineHit(shown, layout, scale, {20, layout.track(1).center().y()});
        QCOMPARE(name.part, TimelinePart::TrackHeader);
        QCOMPARE(name.id, std::int64_t(101));
        QCOMPARE(timelineHit(shown, layout, scale, {20, 5}).part, TimelinePart::Nothing);
        QCOMPARE(timelineHit({}, layout, scale, {600, 20}).part, TimelinePart::Nothing);
    }

    void bothHandlesOfAShortRangeCanBeTaken() {
        TimelineModel shown = model();
        shown.inOut = {40, 41};
        const TimelineLayout layout({1200, 400}, {true, true, 6}, 0);
        const RulerScale scale(1, kLeft + 14, 0);
        const int y = layout.row(TimelineRow::Range).center().y();
        QCOMPARE(timelineHit(shown, layout, scale, {int(scale.x(37)), y}).part,
                 TimelinePart::InHandle);
        QCOMPARE(timelineHit(shown, layout, scale, {int(scale.x(44)), y}).part,
                 TimelinePart::OutHandle);
    }

    void markersAreFoundInOrderOfFrames() {
        const TimelineModel shown = model();
        QCOMPARE(markerAfter(shown, 0)->id, std::int64_t(3));
        QCOMPARE(markerAfter(shown, 10)->id, std::int64_t(7));
        QVERIFY(!markerAfter(shown, 50));
        QCOMPARE(markerBefore(shown, 50)->id, std::int64_t(3));
        QVERIFY(!markerBefore(shown, 10));
    }

    void aBrokenRangeMeansTheWholeClip() {
        TimelineModel shown = model();
        for (const FrameRange range : {FrameRange{}, FrameRange{50, 40}, FrameRange{200, 300}}) {
            shown.inOut = range;
            QVERIFY(effectiveInOut(shown) == (FrameRange{0, 100}));
        }
        shown.inOut = {-5, 30};
        QVERIFY(effectiveInOut(shown) == (FrameRange{0, 30}));
    }

    void thumbnailsWantedAreTheShownOnesFirst() {
        const TimelineModel shown = model();
        const TimelineLayout layout({kLeft + 400, 400}, {true, true, 6}, 0);
        const RulerScale scale(10, kLeft, 300); // frames 30 to 69, a picture every eight
        const auto frames = thumbnailFrames(shown, layout, scale, 96);
        QVERIFY(frames ==
                (std::vector<std::int64_t>{24, 32, 40, 48, 56, 64, 72, 80, 88, 0, 8, 16}));
    }

    void theLowestConfidenceCounts() {
        const std::vector<float> values{0.9F, -1, 0.4F, 0.7F};
        QCOMPARE(lowestConfidence(values, {0, 4}), 0.4F);
        QCOMPARE(lowestConfidence(values, {0, 2}), 0.9F);
        QVERIFY(lowestConfidence(values, {1, 2}) < 0);
        QVERIFY(lowestConfidence(values, {4, 9}) < 0);
    }
};

QTEST_GUILESS_MAIN(TestTimelineLayout)
#include "test_timeline_layout.moc"
