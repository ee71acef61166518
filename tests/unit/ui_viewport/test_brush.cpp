// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/brush.h"

#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::ui;

class TestBrush : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aDragBecomesAStroke() {
        Brush brush;
        brush.take(LayerKind::Human);
        brush.setRadius(9);
        brush.press({10, 20}, false, 41);
        QVERIFY(brush.isPainting());
        brush.move({10.2, 20}); // less than a step
        brush.move({14, 20});
        brush.move({14, 26});
        const auto stroke = brush.release();
        QVERIFY(stroke && !brush.isPainting());
        QCOMPARE(*stroke, (MatteStroke{41, true, 9, {{10, 20}, {14, 20}, {14, 26}}}));
        QVERIFY(!brush.release());
    }

    void aClickIsADot() {
        Brush brush;
        brush.take(LayerKind::Occluder);
        brush.press({3, 4}, true, 0);
        const auto stroke = brush.release();
        QVERIFY(stroke && !stroke->positive);
        QCOMPARE(stroke->points.size(), std::size_t(1));
    }

    void theStrokeIsSeenWhileItIsPainted() {
        Brush brush;
        ViewState state;
        state.occluder.strokes = std::make_shared<const std::vector<MatteStroke>>(
            std::vector<MatteStroke>{{5, true, 2, {{1, 1}}}});
        brush.take(LayerKind::Occluder);
        QCOMPARE(brush.withStroke(state), state);
        brush.press({3, 4}, false, 5);
        const ViewState shown = brush.withStroke(state);
        QCOMPARE(shown.occluder.strokes->size(), std::size_t(2));
        QVERIFY(!shown.human.strokes);
        QCOMPARE(state.occluder.strokes->size(), std::size_t(1));
    }

    void puttingItAwayEndsTheStroke() {
        Brush brush;
        brush.take(LayerKind::Human);
        brush.press({3, 4}, false, 5);
        brush.take({});
        QVERIFY(!brush.isTaken() && !brush.release());
    }

    void theRadiusIsClamped() {
        Brush brush;
        brush.setRadius(0);
        QCOMPARE(brush.radius(), Brush::kLeastRadius);
        brush.setRadius(1e6);
        QCOMPARE(brush.radius(), Brush::kMostRadius);
    }

    void theOutlineIsACircleRoundTheCursor() {
        Brush brush;
        const ViewTransform view{2, {100, 50}};
        QVERIFY(brush.outline(view, 1).empty());
        brush.take(LayerKind::Human);
        QVERIFY(brush.outline(view, 1).empty()); // not over the picture yet
        brush.setRadius(10);
        brush.move({30, 40});
        const Strokes lines = brush.outline(view, 1);
        QVERIFY(!lines.empty());
        for (const auto& line : lines) {
            const QPointF from = line.from - view.toScreen({30, 40});
            QVERIFY(std::abs(std::hypot(from.x(), from.y()) - 20) < 1e-6);
        }
        brush.leave();
        QVERIFY(brush.outline(view, 1).empty());
    }
};

QTEST_APPLESS_MAIN(TestBrush)
#include "test_brush.moc"
