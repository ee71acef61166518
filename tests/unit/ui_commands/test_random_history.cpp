// SPDX-License-Identifier: Apache-2.0
// Whatever a user does, undoes and saves: the way back leads to the identical document.
#include "engine/project/io/project_file.h"
#include "tests/support/project_samples.h"
#include "ui/bridge/document.h"
#include "ui/bridge/text.h"
#include "ui/commands/edit_project.h"
#include "ui/commands/macro_scope.h"

#include <QTemporaryDir>
#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestRandomHistory : public QObject {
    Q_OBJECT
    static void edit(Document& document, std::mt19937& numbers, GestureTracker& gesture) {
        if (numbers() % 4 == 0)
            gesture.end();
        const Gesture merged = numbers() % 2 ? gesture.current() : Gesture();
        const auto intention = Intention(1 + numbers() % 3);
        QVERIFY(pushEdit(document, randomEdit(document.project(), numbers),
                         {intention, "Edit", std::int64_t(numbers() % 2), merged}));
    }

    static void act(Document& document, std::mt19937& numbers, GestureTracker& gesture) {
        QUndoStack& stack = document.undoStack();
        switch (numbers() % 12) {
        case 0:
            stack.undo();
            break;
        case 1:
            stack.redo();
            break;
        case 2:
            stack.setIndex(int(numbers() % unsigned(stack.count() + 1)));
            break;
        case 3: {
            MacroScope macro(stack, "Macro");
            for (auto count = numbers() % 4; count > 0; --count)
                edit(document, numbers, gesture);
            if (numbers() % 4 == 0)
                macro.cancel();
            break;
        }
        default:
            edit(document, numbers, gesture);
        }
    }

private Q_SLOTS:
    void fiveHundredSequencesLeadBack() {
        QTemporaryDir dir;
        const auto file = toPath(dir.path()) / "p.strata";
        const Project start = sampleProject();
        std::size_t steps = 0;
        for (unsigned seed = 0; seed < 500; ++seed) {
            std::mt19937 numbers(seed);
            GestureTracker gesture;
            Document document;
            document.restore(start, {});
            for (auto count = 5 + numbers() % 60; count > 0; --count)
                act(document, numbers, gesture);
            const Project end = document.project();

            QVERIFY(document.save(file));
            Document reopened;
            QVERIFY(reopened.load(file));
            QCOMPARE(reopened.project(), end);

            QUndoStack& stack = document.undoStack();
            const int index = stack.index();
            steps += std::size_t(stack.count());
            stack.setIndex(0);
            QCOMPARE(document.project(), start);
            stack.setIndex(stack.count());
            stack.setIndex(index);
            QCOMPARE(document.project(), end);
        }
        QVERIFY2(steps > 2500, qPrintable(QString::number(steps))); // not empty ones
    }
};

QTEST_GUILESS_MAIN(TestRandomHistory)
#include "test_random_history.moc"
