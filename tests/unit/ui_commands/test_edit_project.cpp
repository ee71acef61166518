// SPDX-License-Identifier: Apache-2.0
// The one command: how steps merge, vanish and say what they touched.
#include "ui/commands/edit_project.h"

#include "tests/support/project_samples.h"
#include "ui/bridge/document.h"
#include "ui/commands/layer_commands.h"
#include "ui/commands/marker_commands.h"
#include "ui/commands/people_commands.h"
#include "ui/commands/range_commands.h"
#include "ui/commands/stroke_commands.h"

#include <QSignalSpy>
#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestEditProject : public QObject {
    Q_OBJECT
    std::unique_ptr<Document> document;
    LayerId hero{}, other{};

    double opacity() const { return document->project().find(hero)->opacity; }
    LayerCommands layers() const { return LayerCommands(*document); }
    int steps() const { return document->undoStack().count(); }

private Q_SLOTS:
    void init() {
        document = std::make_unique<Document>();
        document->restore(sampleProject(), {});
        hero = document->project().layerOf(PersonId{1})->id;
        other = document->project().layerOf(PersonId{2})->id;
    }

    void undoRestoresTheValueBeforeTheDrag() {
        GestureTracker drag;
        for (const double value : {0.9, 0.7, 0.4})
            QVERIFY(layers().setOpacity(hero, value, drag.current()));
        QCOMPARE(steps(), 1);
        document->undoStack().undo();
        QCOMPARE(opacity(), 1.0);
        document->undoStack().redo();
        QCOMPARE(opacity(), 0.4);
    }

    void eachDragIsItsOwnStep() {
        GestureTracker drag;
        QVERIFY(layers().setOpacity(hero, 0.7, drag.current()));
        drag.end();
        QVERIFY(layers().setOpacity(hero, 0.4, drag.current()));
        QCOMPARE(steps(), 2);
        document->undoStack().undo();
        QCOMPARE(opacity(), 0.7);
    }

    void withoutAGestureNothingMerges() {
        QVERIFY(layers().setOpacity(hero, 0.7));
        QVERIFY(layers().setOpacity(hero, 0.4));
        QCOMPARE(steps(), 2);
    }

    void oneGestureOverTwoThingsIsTwoSteps() {
        GestureTracker drag;
        QVERIFY(layers().setOpacity(hero, 0.7, drag.current()));
        QVERIFY(layers().setOpacity(other, 0.7, drag.current()));
        QVERIFY(layers().setTrim(other, {1, 0}, drag.current()));
        QCOMPARE(steps(), 3);
    }

    void draggingBackLeavesNoStep() {
        GestureTracker drag;
        QVERIFY(layers().setOpacity(hero, 0.7, drag.current()));
        QVERIFY(layers().setOpacity(hero, 1.0, drag.current()));
        QCOMPARE(steps(), 0);
        QCOMPARE(document->project(), sampleProject());
    }

    void draggingAMarkerPastOthersIsOneStep() {
        const MarkerCommands markers(*document);
        for (const int frame : {10, 20, 30})
            QVERIFY(markers.add(frame, "m", {}));
        const Project before = document->project();
        const MarkerId id = before.markers[0].id;
        GestureTracker drag;
        for (const int frame : {15, 25, 40, 22})
            QVERIFY(markers.move(id, frame, drag.current()));
        QCOMPARE(steps(), 4);
        QCOMPARE(document->project().markers[1].id, id);
        document->undoStack().undo();
        QCOMPARE(document->project(), before);
    }

    void aSavedStateIsNotMergedInto() {
        GestureTracker drag;
        QVERIFY(layers().setOpacity(hero, 0.7, drag.current()));
        document->undoStack().setClean();
        QVERIFY(layers().setOpacity(hero, 0.6, drag.current()));
        QVERIFY(document->isModified());
        document->undoStack().undo();
        QVERIFY(!document->isModified());
    }

    void whatChangesNothingIsNoStep() {
        QVERIFY(layers().setOpacity(hero, 0.5));
        document->undoStack().undo();
        QVERIFY(layers().setOpacity(hero, 1.0));
        QVERIFY(document->undoStack().canRedo()); // still
    }

    void refusalsArePassedOn() {
        QVERIFY(layers().setLocked(hero, true));
        const auto status = layers().setOpacity(hero, 0.5);
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::Usage);
        QCOMPARE(steps(), 1);
    }

    void factsLearntInBetweenDoNotMatter() {
        QVERIFY(layers().setOpacity(hero, 0.5));
        MediaFacts facts;
        facts.size = {4, 3};
        QVERIFY(document->learnMedia(MediaId{2}, facts));
        document->undoStack().undo();
        QCOMPARE(opacity(), 1.0);
        QCOMPARE(document->project().find(MediaId{2})->facts, facts);
    }

    void signalsSayWhatChanged_data() {
        QTest::addColumn<QString>("edit");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("opacity") << "opacity" << QStringList{"layer 6", "changed"};
        QTest::newRow("order") << "order" << QStringList{"layers", "changed"};
        QTest::newRow("colour") << "colour" << QStringList{"person 1", "layer 6", "changed"};
        QTest::newRow("range") << "range" << QStringList{"range", "changed"};
        QTest::newRow("marker") << "marker" << QStringList{"markers", "changed"};
        QTest::newRow("paint") << "paint" << QStringList{"strokes 6", "changed"};
        QTest::newRow("people") << "people" << QStringList{"people", "layers", "changed"};
    }
    void signalsSayWhatChanged() {
        QFETCH(QString, edit);
        QFETCH(QStringList, expected);
        QCOMPARE(hero, LayerId{6});
        QStringList said;
        const auto say = [&said](const QString& what) { return [&said, what] { said << what; }; };
        const auto sayId = [&said](const QString& what) {
            return [&said, what](auto id) { said << what + " " + QString::number(number(id)); };
        };
        connect(document.get(), &Document::mediaChanged, this, say("media"));
        connect(document.get(), &Document::clipChanged, this, say("clip"));
        connect(document.get(), &Document::rangeChanged, this, say("range"));
        connect(document.get(), &Document::markersChanged, this, say("markers"));
        connect(document.get(), &Document::peopleChanged, this, say("people"));
        connect(document.get(), &Document::personChanged, this, sayId("person"));
        connect(document.get(), &Document::layersChanged, this, say("layers"));
        connect(document.get(), &Document::layerChanged, this, sayId("layer"));
        connect(document.get(), &Document::strokesChanged, this, sayId("strokes"));
        connect(document.get(), &Document::changed, this, say("changed"));
        const FoundPerson found[] = {{PersonId{1}, {{0, 100}}, 10}};
        const auto status = edit == "opacity"  ? layers().setOpacity(hero, 0.5)
                            : edit == "order"  ? layers().move(hero, 3)
                            : edit == "colour" ? layers().setColor(hero, {1, 2, 3})
                            : edit == "range"  ? RangeCommands(*document).setIn(5)
                            : edit == "marker" ? MarkerCommands(*document).add(5, "", {})
                            : edit == "paint" ? StrokeCommands(*document).add(sampleStroke(hero, 1))
                                              : PeopleCommands(*document).take(found);
        QVERIFY(status);
        QCOMPARE(said, expected);
        said.clear();
        document->undoStack().undo();
        QCOMPARE(said, expected);
    }
};

QTEST_GUILESS_MAIN(TestEditProject)
#include "test_edit_project.moc"
