// SPDX-License-Identifier: Apache-2.0
// Every intention is one named step that can be taken back.
#include "tests/support/project_samples.h"
#include "ui/bridge/document.h"
#include "ui/commands/layer_commands.h"
#include "ui/commands/marker_commands.h"
#include "ui/commands/media_commands.h"
#include "ui/commands/people_commands.h"
#include "ui/commands/range_commands.h"
#include "ui/commands/settings_commands.h"
#include "ui/commands/source_commands.h"
#include "ui/commands/stroke_commands.h"

#include <QTest>

#include <functional>

using namespace strata;
using namespace strata::ui;

using Act = std::function<Status(Document&)>;
using Holds = std::function<bool(const Project&)>;
Q_DECLARE_METATYPE(Act)
Q_DECLARE_METATYPE(Holds)

class TestCommands : public QObject {
    Q_OBJECT
    /// The sample with a marker (8) and a stroke (9), both at frame 5, and two sources.
    static Project start() {
        Document document;
        document.restore(sampleProject(), {});
        const bool made = MarkerCommands(document).add(5, "m", {}) &&
                          StrokeCommands(document).add(sampleStroke(kHero, 5)) &&
                          SourceCommands(document).setIdentity(kAnn, kPicture) &&
                          SourceCommands(document).setMotion(kAnn, kMotion) &&
                          SourceCommands(document).setScene(kPicture);
        if (!made)
            qFatal("the start cannot be made");
        return document.project();
    }
    static constexpr MediaId kClip{1}, kPicture{2}, kMotion{3};
    static constexpr LayerId kHero{6};
    static constexpr PersonId kAnn{1};
    static constexpr MarkerId kMarker{8};
    static constexpr StrokeId kStroke{9};

    static void row(const char* text, const Act& act, const Holds& holds) {
        QTest::newRow(text) << QString(text).section(':', 0, 0) << act << holds;
    }
    static const Layer& hero(const Project& p) { return *p.find(kHero); }

private Q_SLOTS:
    void everyIntentionIsOneStep_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Act>("act");
        QTest::addColumn<Holds>("holds");
        addMediaRows();
        addTimeRows();
        addPeopleRows();
        addLayerRows();
        addStrokeAndSettingsRows();
    }
    void everyIntentionIsOneStep() {
        QFETCH(QString, text);
        QFETCH(Act, act);
        QFETCH(Holds, holds);
        Document document;
        const Project before = start();
        document.restore(before, {});
        QVERIFY(!holds(before));
        const Status status = act(document);
        QVERIFY2(status, status ? "" : status.error().message.c_str());
        QCOMPARE(document.undoStack().count(), 1);
        QCOMPARE(document.undoStack().undoText(), text);
        const Project after = document.project();
        QVERIFY(holds(after));
        document.undoStack().undo();
        QCOMPARE(document.project(), before);
        document.undoStack().redo();
        QCOMPARE(document.project(), after);
    }

private:
    void addMediaRows() {
        row(
            "Add Medium",
            [](Document& d) {
                return MediaCommands(d).add(sampleItem(MediaKind::Picture, "/n.png"));
            },
            [](const Project& p) { return p.media.size() == 4; });
        row(
            "Remove Medium", [](Document& d) { return MediaCommands(d).remove(kPicture); },
            [](const Project& p) { return !p.find(kPicture); });
        row(
            "Open Clip",
            [](Document& d) {
                return MediaCommands(d).openClip(sampleItem(MediaKind::Clip, "/n.mp4"));
            },
            [](const Project& p) { return p.clipItem()->path == "/n.mp4" && p.people.empty(); });
        row(
            "Relink Medium",
            [](Document& d) {
                return MediaCommands(d).relink(kClip, "/n.mp4", d.project().clipItem()->facts);
            },
            [](const Project& p) { return p.clipItem()->path == "/n.mp4"; });
        row(
            "Change Identity: cleared",
            [](Document& d) { return SourceCommands(d).setIdentity(kAnn, {}); },
            [](const Project& p) { return !p.find(kAnn)->sources.identity; });
        row(
            "Change Identity: dropped",
            [](Document& d) {
                return SourceCommands(d).dropIdentity(kAnn,
                                                      sampleItem(MediaKind::Picture, "/n.png"));
            },
            [](const Project& p) { return p.find(kAnn)->sources.identity == p.media.back().id; });
        row(
            "Change Motion: cleared",
            [](Document& d) { return SourceCommands(d).setMotion(kAnn, {}); },
            [](const Project& p) { return !p.find(kAnn)->sources.motion; });
        row(
            "Change Motion: dropped",
            [](Document& d) {
                return SourceCommands(d).dropMotion(kAnn, sampleItem(MediaKind::Motion, "/n.bvh"));
            },
            [](const Project& p) {
                return p.find(*p.find(kAnn)->sources.motion)->path == "/n.bvh";
            });
        row(
            "Change Scene: cleared", [](Document& d) { return SourceCommands(d).setScene({}); },
            [](const Project& p) { return !p.scene; });
        row(
            "Change Scene: dropped again",
            [](Document& d) {
                return SourceCommands(d).dropScene(sampleItem(MediaKind::Clip, "/media/clip.mp4"));
            },
            [](const Project& p) { return p.scene == kClip && p.media.size() == 3; });
    }

    void addTimeRows() {
        row(
            "Set In", [](Document& d) { return RangeCommands(d).setIn(10); },
            [](const Project& p) { return p.range.begin == 10; });
        row(
            "Set Out", [](Document& d) { return RangeCommands(d).setOut(10); },
            [](const Project& p) { return p.range.end == 11; });
        row(
            "Set In and Out",
            [](Document& d) {
                return RangeCommands(d).set({3, 9});
            },
            [](const Project& p) {
                return p.range == FrameRange{3, 9};
            });
        row(
            "Loop", [](Document& d) { return RangeCommands(d).setLoop(false); },
            [](const Project& p) { return !p.loop; });
        row(
            "Add Marker", [](Document& d) { return MarkerCommands(d).add(7, "n", {}); },
            [](const Project& p) { return p.markers.size() == 2; });
        row(
            "Remove Marker", [](Document& d) { return MarkerCommands(d).remove(kMarker); },
            [](const Project& p) { return p.markers.empty(); });
        row(
            "Move Marker", [](Document& d) { return MarkerCommands(d).move(kMarker, 9); },
            [](const Project& p) { return p.markers[0].frame == 9; });
        row(
            "Rename Marker", [](Document& d) { return MarkerCommands(d).rename(kMarker, "n"); },
            [](const Project& p) { return p.markers[0].name == "n"; });
        row(
            "Colour Marker",
            [](Document& d) {
                return MarkerCommands(d).setColor(kMarker, {1, 2, 3});
            },
            [](const Project& p) {
                return p.markers[0].color == LabelColor{1, 2, 3};
            });
    }

    void addPeopleRows() {
        row(
            "Find People",
            [](Document& d) {
                const FoundPerson found[] = {{PersonId{1}, {{5, 6}}, 5},
                                             {PersonId{3}, {{0, 9}}, 5}};
                return PeopleCommands(d).take(found);
            },
            [](const Project& p) { return p.layerOf(PersonId{3}) && !p.find(PersonId{2}); });
        row(
            "Rename Person", [](Document& d) { return PeopleCommands(d).rename(kAnn, "Ann"); },
            [](const Project& p) { return p.find(kAnn)->name == "Ann"; });
        row(
            "Colour Person",
            [](Document& d) {
                return PeopleCommands(d).setColor(kAnn, {1, 2, 3});
            },
            [](const Project& p) {
                return hero(p).color == LabelColor{1, 2, 3};
            });
    }

    void addLayerRows() {
        row(
            "Move Layer", [](Document& d) { return LayerCommands(d).move(kHero, 3); },
            [](const Project& p) { return p.layers[3].id == kHero; });
        row(
            "Rename Layer", [](Document& d) { return LayerCommands(d).rename(kHero, "n"); },
            [](const Project& p) { return hero(p).name == "n"; });
        row(
            "Colour Layer",
            [](Document& d) {
                return LayerCommands(d).setColor(kHero, {1, 2, 3});
            },
            [](const Project& p) {
                return p.find(kAnn)->color == LabelColor{1, 2, 3};
            });
        row(
            "Hide Layer", [](Document& d) { return LayerCommands(d).setVisible(kHero, false); },
            [](const Project& p) { return !hero(p).visible; });
        row(
            "Solo Layer", [](Document& d) { return LayerCommands(d).setSolo(kHero, true); },
            [](const Project& p) { return hero(p).solo; });
        row(
            "Lock Layer", [](Document& d) { return LayerCommands(d).setLocked(kHero, true); },
            [](const Project& p) { return hero(p).locked; });
        row(
            "Change Opacity", [](Document& d) { return LayerCommands(d).setOpacity(kHero, 0.5); },
            [](const Project& p) { return hero(p).opacity == 0.5; });
        row(
            "Trim Matte",
            [](Document& d) {
                return LayerCommands(d).setTrim(kHero, {-2, 3});
            },
            [](const Project& p) {
                return hero(p).trim == MatteTrim{-2, 3};
            });
    }

    void addStrokeAndSettingsRows() {
        row(
            "Paint", [](Document& d) { return StrokeCommands(d).add(sampleStroke(kHero, 9)); },
            [](const Project& p) { return p.strokes.size() == 2; });
        row(
            "Remove Stroke", [](Document& d) { return StrokeCommands(d).remove(kStroke); },
            [](const Project& p) { return p.strokes.empty(); });
        row(
            "Clear Strokes", [](Document& d) { return StrokeCommands(d).clear(kHero, 5); },
            [](const Project& p) { return p.strokes.empty(); });
        row(
            "Change Synthesis",
            [](Document& d) {
                SynthSettings synth = d.project().synth;
                synth.kind = SynthKind::Mimo;
                return SettingsCommands(d).setSynth(synth);
            },
            [](const Project& p) { return p.synth.kind == SynthKind::Mimo; });
        row(
            "Change Delivery",
            [](Document& d) {
                DeliverySettings delivery = d.project().delivery;
                delivery.codec = VideoCodec::H265;
                return SettingsCommands(d).setDelivery(delivery);
            },
            [](const Project& p) { return p.delivery.codec == VideoCodec::H265; });
    }

private Q_SLOTS:
    void clearingInAndOutIsOneStep() {
        Document document;
        document.restore(start(), {});
        QVERIFY(RangeCommands(document).set({3, 9}));
        QVERIFY(RangeCommands(document).clear());
        QCOMPARE(document.project().range, (FrameRange{0, 100}));
        QCOMPARE(document.undoStack().undoText(), QString("Clear In and Out"));
    }

    void aDropThatIsRefusedAddsNothing() {
        Document document;
        document.restore(start(), {});
        const auto status =
            SourceCommands(document).dropScene(sampleItem(MediaKind::Motion, "/n.bvh"));
        QVERIFY(!status);
        QCOMPARE(document.project(), start());
        QCOMPARE(document.undoStack().count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCommands)
#include "test_commands.moc"
