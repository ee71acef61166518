// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/gesture.h"

#include <QTest>

using namespace strata::ui;

class TestGesture : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noGestureNeverMerges() { QVERIFY(!Gesture().merges()); }

    void aDragIsOneGesture() {
        GestureTracker drag;
        const Gesture first = drag.current();
        QVERIFY(first.merges());
        QCOMPARE(drag.current(), first);
        drag.end();
        QVERIFY(drag.current() != first);
    }

    void controlsHaveTheirOwn() {
        GestureTracker one, two;
        QVERIFY(one.current() != two.current());
    }

    void aPauseEndsARunOfSteps() {
        GestureTracker patient(1 << 30), hasty(0);
        const Gesture first = patient.step(), other = hasty.step();
        QCOMPARE(patient.step(), first);
        QVERIFY(hasty.step() != other);
    }
};

QTEST_GUILESS_MAIN(TestGesture)
#include "test_gesture.moc"
