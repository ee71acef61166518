// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/macro_scope.h"

#include "tests/support/project_samples.h"
#include "ui/bridge/document.h"
#include "ui/commands/layer_commands.h"
#include "ui/commands/marker_commands.h"

#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestMacroScope : public QObject {
    Q_OBJECT
    std::unique_ptr<Document> document;
    QUndoStack& stack() const { return document->undoStack(); }
    void mark(int frame) const { QVERIFY(MarkerCommands(*document).add(frame, "m", {})); }

private Q_SLOTS:
    void init() {
        document = std::make_unique<Document>();
        document->restore(sampleProject(), {});
    }

    void whatIsInsideIsOneStep() {
        {
            const MacroScope macro(stack(), "Mark");
            mark(1);
            mark(2);
        }
        QCOMPARE(stack().count(), 1);
        QCOMPARE(stack().undoText(), QString("Mark"));
        stack().undo();
        QCOMPARE(document->project(), sampleProject());
    }

    void anEmptyOneLeavesNoStep() {
        mark(1);
        { const MacroScope macro(stack(), "Nothing"); }
        QCOMPARE(stack().count(), 1);
        QVERIFY(!stack().canRedo());
    }

    void aCancelledOneTakesBackWhatItDid() {
        mark(1);
        const Project before = document->project();
        {
            MacroScope macro(stack(), "Mark");
            mark(2);
            mark(3);
            macro.cancel();
        }
        QCOMPARE(document->project(), before);
        QCOMPARE(stack().count(), 1);
        QVERIFY(!stack().canRedo());
        stack().undo();
        QCOMPARE(document->project(), sampleProject());
    }

    void theyNest() {
        {
            const MacroScope outer(stack(), "Outer");
            mark(1);
            {
                const MacroScope inner(stack(), "Inner");
                mark(2);
            }
        }
        QCOMPARE(stack().count(), 1);
        QCOMPARE(stack().undoText(), QString("Outer"));
        QCOMPARE(document->project().markers.size(), std::size_t(2));
        stack().undo();
        QCOMPARE(document->project(), sampleProject());
    }

    void gesturesMergeInside() {
        const LayerId hero = document->project().layerOf(PersonId{1})->id;
        {
            const MacroScope macro(stack(), "Fade");
            GestureTracker drag;
            for (const double opacity : {0.8, 0.6})
                QVERIFY(LayerCommands(*document).setOpacity(hero, opacity, drag.current()));
        }
        QCOMPARE(stack().command(0)->childCount(), 1);
    }
};

QTEST_GUILESS_MAIN(TestMacroScope)
#include "test_macro_scope.moc"
