// SPDX-License-Identifier: Apache-2.0
#include "engine/project/change.h"

#include "engine/project/edit/layer_edits.h"
#include "engine/project/edit/marker_edits.h"
#include "engine/project/edit/stroke_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestChange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void holdsOnlyWhatDiffers() {
        Project before = sampleProject();
        for (int i = 0; i < 50; ++i)
            before = must(addStroke(before, sampleStroke(occluderLayer(before), i)));
        const Project after = must(removeStroke(before, before.strokes[20].id));
        const ProjectChange change = difference(before, after);
        QCOMPARE(change.strokes.at, std::size_t(20));
        QCOMPARE(change.strokes.before.size(), std::size_t(1));
        QVERIFY(change.strokes.after.empty());
        QVERIFY(change.layers.empty() && change.markers.empty() && change.media.empty());
        QVERIFY(!change.empty());
    }

    void aMoveIsTheRunBetween() {
        const Project before = sampleProject();
        const Project after = must(moveLayer(before, before.layers[1].id, 2));
        const ProjectChange change = difference(before, after);
        QCOMPARE(change.layers.at, std::size_t(1));
        QCOMPARE(change.layers.before.size(), std::size_t(2));
    }

    void equalItemsBesideEachOtherAreNoProblem() {
        Project before = sampleProject();
        before.people[0].tracks = {{0, 1}};
        Project after = before;
        after.people.insert(after.people.begin(), after.people[0]); // the same value twice
        Project there = before;
        apply(there, difference(before, after));
        QCOMPARE(there, after);
    }

    void nothingIsEmpty() { QVERIFY(difference(sampleProject(), sampleProject()).empty()); }

    void goesBothWays() {
        std::mt19937 numbers(7);
        Project before = sampleProject();
        for (int i = 0; i < 2000; ++i) {
            const Project after = randomEdit(before, numbers);
            const ProjectChange change = difference(before, after);
            Project there = before, back = after;
            apply(there, change);
            apply(back, change.reversed());
            QCOMPARE(there, after);
            QCOMPARE(back, before);
            QCOMPARE(change.empty(), before == after);
            before = after;
        }
    }
};

QTEST_GUILESS_MAIN(TestChange)
#include "test_change.moc"
