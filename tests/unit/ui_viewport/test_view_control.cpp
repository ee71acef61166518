// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/probe.h"
#include "ui/viewport/view_control.h"
#include "ui/viewport/view_transform.h"
#include "ui/viewport/viewport_mouse.h"

#include <QSignalSpy>
#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestViewControl : public QObject {
    Q_OBJECT
    static constexpr Size kPicture{1920, 1080};
    static constexpr QRectF kPane{0, 0, 960, 700};

    static MouseScene scene(const ViewControl& view) {
        return {kPane, viewTransform(view.state(), kPicture, kPane), kPicture, 1};
    }

private Q_SLOTS:
    void settersTellOnceAndOnlyChanges() {
        ViewControl view;
        QSignalSpy changes(&view, &ViewControl::changed);
        view.setMode(ViewMode::Depth);
        view.setMode(ViewMode::Depth);
        view.setLayerLook(LayerKind::Human, {false, 1});
        QCOMPARE(changes.size(), 2);
        QCOMPARE(view.state().mode, ViewMode::Depth);
        QVERIFY(!view.state().human.visible);
    }

    void valuesOutOfRangeAreClamped() {
        ViewControl view;
        view.setWipe(1.5f);
        view.setOnion(-1);
        view.setZoom(1000, {5, 5});
        view.setOrbit({190, 120, 100, 2});
        QCOMPARE(view.state().wipe, 1.f);
        QCOMPARE(view.state().onion, 0.f);
        QCOMPARE(view.state().zoom, kMaxZoom);
        QCOMPARE(view.state().orbit, (OrbitState{-170, 85, 12, 1}));
    }

    void aViewAsksForNoMoreThanItShows() {
        ViewControl view;
        view.setMode(ViewMode::Source);
        QCOMPARE(view.neededLayers(), LayerSet{LayerKind::Source});
        view.setOverlay(BodyOverlay::Skeleton);
        QVERIFY(view.neededLayers().contains(LayerKind::Body));
        view.setCompareWith(ViewMode::Depth);
        QVERIFY(!view.neededLayers().contains(LayerKind::Depth));
        view.setCompare(CompareMode::Wipe);
        QVERIFY(view.neededLayers().contains(LayerKind::Depth));
        view.setSpace(true);
        for (const LayerKind layer : {LayerKind::Depth, LayerKind::Plate, LayerKind::Occluder})
            QVERIFY(view.neededLayers().contains(layer));
    }

    void untouchedLayersNeedTheClipAlone() {
        ViewControl view;
        const LayerSet clip{LayerKind::Source, LayerKind::Result};
        QCOMPARE(view.neededLayers(), clip);
        QVERIFY(view.layersAtRest().contains(LayerKind::Plate)); // a click may need it
        view.setLayerLook(LayerKind::Human, {true, 0.5f});
        QVERIFY(view.neededLayers().contains(LayerKind::Plate));
        QCOMPARE(view.layersAtRest(), view.neededLayers());
        view.setLayerLook(LayerKind::Human, {});
        QCOMPARE(view.neededLayers(), clip);
        view.setCompare(CompareMode::Wipe);
        view.setCompareWith(ViewMode::Scene);
        QVERIFY(view.neededLayers().contains(LayerKind::Plate));
    }

    void fitShowsAllOfThePictureInTheMiddle() {
        const ViewTransform view = viewTransform({}, kPicture, kPane);
        QCOMPARE(view.scale, 0.5);
        QCOMPARE(view.toScreen({0, 0}), QPointF(0, 80));
        QCOMPARE(view.toScreen({1920, 1080}), QPointF(960, 620));
        QCOMPARE(view.toPicture(view.toScreen({12, 34})), QPointF(12, 34));
    }

    void zoomKeepsThePointUnderTheCursor_data() {
        QTest::addColumn<double>("factor");
        for (const double factor : {1.2, 0.5, 7.0, 0.9})
            QTest::newRow(qPrintable(QString::number(factor))) << factor;
    }
    void zoomKeepsThePointUnderTheCursor() {
        QFETCH(double, factor);
        ViewControl view;
        ViewportMouse mouse(view);
        const QPointF cursor(700, 200);
        const QPointF before = scene(view).view.toPicture(cursor);
        mouse.zoom(factor, cursor, scene(view));
        QCOMPARE(view.state().zoom, 0.5 * factor);
        const QPointF moved = scene(view).view.toScreen(before) - cursor;
        QVERIFY(moved.manhattanLength() <= 1.0); // the offset is rounded to whole pixels
    }

    void draggingPansByTheSameDistance() {
        ViewControl view;
        ViewportMouse mouse(view);
        const QPointF before = scene(view).view.toScreen({100, 100});
        QVERIFY(mouse.press(Qt::MiddleButton, {50, 60}, scene(view)));
        mouse.move({80, 40}, scene(view));
        mouse.move({150, 100}, scene(view));
        QCOMPARE(scene(view).view.toScreen({100, 100}), before + QPointF(100, 40));
        mouse.release();
        mouse.move({0, 0}, scene(view));
        QCOMPARE(scene(view).view.toScreen({100, 100}), before + QPointF(100, 40));
    }

    void theLeftButtonPansOnlyWithTheSpaceBar() {
        ViewControl view;
        ViewportMouse mouse(view);
        QVERIFY(!mouse.press(Qt::LeftButton, {50, 60}, scene(view)));
        mouse.setPanKey(true);
        QVERIFY(mouse.press(Qt::LeftButton, {50, 60}, scene(view)));
    }

    void theWipeIsDraggedByItsLine() {
        ViewControl view;
        view.setCompare(CompareMode::Wipe);
        ViewportMouse mouse(view);
        QVERIFY(!mouse.press(Qt::LeftButton, {300, 300}, scene(view)));
        QVERIFY(mouse.press(Qt::LeftButton, {483, 300}, scene(view)));
        mouse.move({240, 310}, scene(view));
        QCOMPARE(view.state().wipe, 0.25f);
    }

    void theSpaceViewOrbits() {
        ViewControl view;
        view.setSpace(true);
        const OrbitState before = view.state().orbit;
        ViewportMouse mouse(view);
        QVERIFY(mouse.press(Qt::LeftButton, {300, 300}, scene(view)));
        mouse.move({310, 320}, scene(view));
        QVERIFY(view.state().orbit.yaw < before.yaw);
        QVERIFY(view.state().orbit.pitch > before.pitch);
        mouse.zoom(2, {300, 300}, scene(view));
        QCOMPARE(view.state().orbit.distance, before.distance / 2);
        QVERIFY(view.state().fit);
    }

    void theProbeReadsTheImagesThemselves() {
        FrameLayers frame;
        frame.fullSize = {9, 7};
        frame.reduction = 2;
        auto source = std::make_shared<ImageU8>(5, 4, 3);
        source->at(4, 3, 1) = 77;
        auto human = std::make_shared<ImageU8>(5, 4, 1);
        human->at(2, 1) = 200;
        auto depth = std::make_shared<ImageU16>(5, 4, 1);
        depth->at(4, 3) = 40000;
        frame.source = source;
        frame.human = human;
        frame.depth = depth;
        const auto corner = probe(frame, {8, 6});
        QVERIFY(corner);
        QCOMPARE(*corner->source, (Rgb8{0, 77, 0}));
        QCOMPARE(*corner->depth, 40000);
        QVERIFY(!corner->plate && !corner->alpha);
        QCOMPARE(*probe(frame, {5, 3})->human, 200);
        QVERIFY(!probe(frame, {9, 6}));
        QVERIFY(!probe(frame, {-1, 0}));
    }
};

QTEST_GUILESS_MAIN(TestViewControl)
#include "test_view_control.moc"
