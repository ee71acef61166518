// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/stroke_edits.h"

#include "engine/project/check.h"
#include "engine/project/edit/layer_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

#include <cmath>

using namespace strata;

class TestStrokeEdits : public QObject {
    Q_OBJECT
    static std::shared_ptr<const std::vector<StrokePoint>> points(std::vector<StrokePoint> list) {
        return std::make_shared<const std::vector<StrokePoint>>(std::move(list));
    }

private Q_SLOTS:
    void strokesAreAddedAndRemoved() {
        const Project p = sampleProject();
        const LayerId layer = p.layerOf(PersonId{1})->id;
        Project painted = must(addStroke(p, sampleStroke(layer, 5)));
        QCOMPARE(painted.strokes.size(), std::size_t(1));
        QCOMPARE(*painted.strokes[0].points, *sampleStroke(layer, 5).points);
        painted = must(removeStroke(painted, painted.strokes[0].id));
        painted.nextId = p.nextId;
        QCOMPARE(painted, p);
    }

    void pointsAreRounded() {
        Stroke stroke = sampleStroke(occluderLayer(sampleProject()), 0);
        stroke.points = points({{1.0301f, 2.0f / 3}});
        const Project p = must(addStroke(sampleProject(), stroke));
        QCOMPARE((*p.strokes[0].points)[0], (StrokePoint{1.0f, 0.6875f}));
    }

    void clearingIsForOneFrameOrAll() {
        Project p = sampleProject();
        const LayerId one = p.layerOf(PersonId{1})->id, two = p.layerOf(PersonId{2})->id;
        for (const LayerId layer : {one, two})
            for (const int frame : {3, 3, 4})
                p = must(addStroke(p, sampleStroke(layer, frame)));
        QCOMPARE(must(clearStrokes(p, one, 3)).strokes.size(), std::size_t(4));
        QCOMPARE(must(clearStrokes(p, one)).strokes.size(), std::size_t(3));
    }

    void whatMakesNoSenseIsRefused() {
        const Project p = sampleProject();
        const LayerId layer = p.layerOf(PersonId{1})->id;
        const Stroke good = sampleStroke(layer, 0);
        QVERIFY(addStroke(p, good));
        std::vector<Stroke> bad(8, good);
        bad[0].points = nullptr;
        bad[1].points = points({});
        bad[2].points = points({{NAN, 0}});
        bad[3].points = points({{0, 2e6f}});
        bad[4].points = points(std::vector<StrokePoint>(kMostStrokePoints + 1));
        bad[5].radius = 0;
        bad[6].radius = NAN;
        bad[7].frame = 100;
        for (const Stroke& stroke : bad)
            QCOMPARE(addStroke(p, stroke).error().code, ErrorCode::Usage);
        QCOMPARE(addStroke(p, sampleStroke(LayerId{99}, 0)).error().code, ErrorCode::NotFound);
    }

    void theSceneTakesNoStrokes() {
        const Project p = sampleProject();
        QCOMPARE(addStroke(p, sampleStroke(sceneLayer(p), 0)).error().code, ErrorCode::Usage);
    }

    void lockedLayersKeepTheirStrokes() {
        Project p = sampleProject();
        const LayerId layer = p.layerOf(PersonId{1})->id;
        p = must(setLayerLocked(must(addStroke(p, sampleStroke(layer, 3))), layer, true));
        QCOMPARE(addStroke(p, sampleStroke(layer, 3)).error().code, ErrorCode::Usage);
        QCOMPARE(removeStroke(p, p.strokes[0].id).error().code, ErrorCode::Usage);
        QCOMPARE(clearStrokes(p, layer).error().code, ErrorCode::Usage);
    }

    void strokesCompareByTheirPoints() {
        Stroke a = sampleStroke(LayerId{1}, 0), b = sampleStroke(LayerId{1}, 0);
        QVERIFY(a.points != b.points);
        QVERIFY(a == b);
        b.points = points({{1, 2}});
        QVERIFY(!(a == b));
        b.points = nullptr;
        QVERIFY(!(a == b));
    }
};

QTEST_GUILESS_MAIN(TestStrokeEdits)
#include "test_stroke_edits.moc"
