// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_snap.h"

#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestTimelineSnap : public QObject {
    Q_OBJECT
    static TimelineModel model() {
        TimelineModel model;
        model.frameCount = 100;
        model.inOut = {20, 60};
        model.currentFrame = 33;
        model.markers = {{7, 50, {}, {}}, {3, 10, {}, {}}};
        return model;
    }
    using Frames = std::vector<std::int64_t>;

private Q_SLOTS:
    void eachThingHasItsTargets() {
        QVERIFY(snapTargets(model(), SnapFor::Playhead) == (Frames{0, 10, 20, 50, 59, 99}));
        QVERIFY(snapTargets(model(), SnapFor::InOut) == (Frames{0, 10, 33, 50, 100}));
        QVERIFY(snapTargets(model(), SnapFor::Marker, 7) == (Frames{0, 10, 20, 33, 59, 99}));
    }

    void theNearestTargetWithinReachWins() {
        const Frames targets{0, 10, 14};
        QCOMPARE(snapped(7, 7.4, 3, targets), std::int64_t(10));
        QCOMPARE(snapped(7, 7.4, 2, targets), std::int64_t(7));
        QCOMPARE(snapped(11, 11.5, 3, targets), std::int64_t(10));
        QCOMPARE(snapped(12, 12.6, 3, targets), std::int64_t(14));
        QCOMPARE(snapped(16, 16.9, 3, targets), std::int64_t(14));
        QCOMPARE(snapped(5, 5, 3, {}), std::int64_t(5));
    }
};

QTEST_GUILESS_MAIN(TestTimelineSnap)
#include "test_timeline_snap.moc"
