// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/layer_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

#include <cmath>

using namespace strata;

class TestLayerEdits : public QObject {
    Q_OBJECT
    static std::vector<int> order(const Project& from, const Project& to) {
        std::vector<int> places;
        for (const Layer& layer : to.layers)
            places.push_back(int(from.find(layer.id) - from.layers.data()));
        return places;
    }

private Q_SLOTS:
    void layersMove_data() {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<QList<int>>("order");
        QTest::newRow("to the back") << 2 << 0 << QList{0, 2, 1, 3};
        QTest::newRow("to the front") << 1 << 3 << QList{0, 2, 3, 1};
        QTest::newRow("beyond the front") << 2 << 99 << QList{0, 1, 3, 2};
        QTest::newRow("the scene stays") << 0 << 99 << QList{0, 1, 2, 3};
        QTest::newRow("beyond the back") << 3 << -1 << QList{0, 3, 1, 2};
        QTest::newRow("nowhere") << 1 << 1 << QList{0, 1, 2, 3};
    }
    void layersMove() {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QList<int>, order);
        const Project p = sampleProject();
        const Project moved = must(moveLayer(p, p.layers[std::size_t(from)].id, to));
        const auto places = TestLayerEdits::order(p, moved);
        QCOMPARE(QList<int>(places.begin(), places.end()), order);
    }

    void soloHidesTheOthers() {
        Project p = sampleProject();
        p = must(setLayerVisible(p, p.layers[0].id, false));
        QVERIFY(!p.isShown(p.layers[0]) && p.isShown(p.layers[1]));
        p = must(setLayerSolo(p, p.layers[2].id, true));
        QVERIFY(!p.isShown(p.layers[1]) && p.isShown(p.layers[2]));
        p = must(setLayerVisible(p, p.layers[2].id, false));
        QVERIFY(!p.isShown(p.layers[2]));
    }

    void opacityIsClamped_data() {
        QTest::addColumn<double>("given");
        QTest::addColumn<double>("kept");
        QTest::newRow("half") << 0.5 << 0.5;
        QTest::newRow("too much") << 2.0 << 1.0;
        QTest::newRow("negative") << -0.1 << 0.0;
    }
    void opacityIsClamped() {
        QFETCH(double, given);
        QFETCH(double, kept);
        const Project p = sampleProject();
        QCOMPARE(must(setLayerOpacity(p, p.layers[1].id, given)).layers[1].opacity, kept);
    }

    void trimsAreClamped() {
        const Project p = sampleProject();
        const Layer layer = must(setLayerTrim(p, p.layers[1].id, {-100, -1})).layers[1];
        QCOMPARE(layer.trim, (MatteTrim{-64, 0}));
    }

    void whatIsNoNumberIsRefused() {
        const Project p = sampleProject();
        QCOMPARE(setLayerOpacity(p, p.layers[1].id, NAN).error().code, ErrorCode::Usage);
        QCOMPARE(setLayerTrim(p, p.layers[1].id, {1, INFINITY}).error().code, ErrorCode::Usage);
    }

    void lockedLayersKeepOpacityAndTrim() {
        Project p = sampleProject();
        const LayerId id = p.layers[1].id;
        p = must(setLayerLocked(p, id, true));
        QCOMPARE(setLayerOpacity(p, id, 0.5).error().code, ErrorCode::Usage);
        QCOMPARE(setLayerTrim(p, id, {1, 1}).error().code, ErrorCode::Usage);
        QVERIFY(!must(setLayerVisible(p, id, false)).layers[1].visible);
        p = must(setLayerLocked(p, id, false));
        QCOMPARE(must(setLayerOpacity(p, id, 0.5)).layers[1].opacity, 0.5);
    }

    void aLayersColourIsItsPersons() {
        Project p = sampleProject();
        p = must(setLayerColor(p, p.layerOf(PersonId{2})->id, {5, 6, 7}));
        QCOMPARE(p.find(PersonId{2})->color, (LabelColor{5, 6, 7}));
        QVERIFY(!(p.find(PersonId{1})->color == LabelColor{5, 6, 7}));
    }

    void whatIsNotThereIsNamed() {
        const auto result = setLayerOpacity(sampleProject(), LayerId{77}, 1);
        QCOMPARE(result.error().message, std::string("There is no layer 77 in the project."));
    }
};

QTEST_GUILESS_MAIN(TestLayerEdits)
#include "test_layer_edits.moc"
