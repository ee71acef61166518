// SPDX-License-Identifier: Apache-2.0
#include "ui/session/edit_choice.h"

#include "engine/project/edit/layer_edits.h"
#include "engine/project/edit/range_edits.h"
#include "engine/project/edit/settings_edits.h"
#include "engine/project/edit/source_edits.h"
#include "engine/project/edit/stroke_edits.h"
#include "tests/support/project_samples.h"
#include "ui/bridge/text.h"

#include <QTemporaryFile>
#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestEditChoice : public QObject {
    Q_OBJECT
    QTemporaryFile picture;
    Project project;
    const PersonId first{1}, second{2};

    void giveIdentity(PersonId person) {
        project = must(setIdentitySource(project, person, MediaId{2}));
    }

private Q_SLOTS:
    void init() {
        QVERIFY(picture.open());
        project = sampleProject();
        for (MediaItem& item : project.media)
            if (item.id == MediaId{2})
                item.path = toPath(picture.fileName());
    }

    void withoutAClipThereIsNothingToRender() {
        const auto edit = editChoice({}, {}, "cpu");
        QVERIFY(!edit);
        QCOMPARE(edit.error().code, ErrorCode::Usage);
    }

    void withoutASourceThereIsNothingToRender() {
        QVERIFY(!hasEdit(project));
        QVERIFY(!editChoice(project, first, "cpu"));
    }

    void theOneWithASourceIsEdited() {
        giveIdentity(second);
        QVERIFY(hasEdit(project));
        QCOMPARE(editedPerson(project, first), second);
        const auto edit = editChoice(project, first, "cpu");
        QVERIFY(edit);
        QCOMPARE(edit->clip.person, 2);
        QCOMPARE(toQt(edit->identity), picture.fileName());
        QVERIFY(edit->motion.empty());
    }

    void theSelectedOneComesFirst() {
        giveIdentity(first);
        giveIdentity(second);
        QCOMPARE(editedPerson(project, second), second);
        QCOMPARE(editedPerson(project, first), first);
        QCOMPARE(editedPerson(project, {}), first);
        QCOMPARE(editedPerson(project, PersonId{99}), first);
    }

    void aMissingFileIsNamed() {
        giveIdentity(first);
        picture.remove();
        const auto edit = editChoice(project, first, "cpu");
        QVERIFY(!edit);
        QCOMPARE(edit.error().code, ErrorCode::NotFound);
        QVERIFY(toQt(edit.error().message).contains(picture.fileName()));
    }

    void theGeneratorGetsItsSettings() {
        giveIdentity(first);
        SynthSettings synth = project.synth;
        synth.kind = SynthKind::Mimo;
        synth.size = 512;
        synth.steps = 12;
        project = must(setSynthSettings(project, synth));
        const auto edit = editChoice(project, first, "cuda");
        QVERIFY(edit && edit->generator);
        QCOMPARE(edit->generator->size, 512);
        QCOMPARE(edit->generator->steps, 12);
        QCOMPARE(edit->generator->device, std::string("cuda"));
    }

    void ourGeneratorDrawsUnlessAnotherIsAskedFor() {
        giveIdentity(first);
        const auto edit = editChoice(project, first, "cpu");
        QVERIFY(edit && edit->generator && edit->generator->small);
        SynthSettings synth = project.synth;
        synth.kind = SynthKind::Mesh;
        project = must(setSynthSettings(project, synth));
        QVERIFY(!editChoice(project, first, "cpu")->generator);
    }

    void theLayersEdgesAndOrderAreTaken() {
        giveIdentity(first);
        const auto layerOf = [&](strata::LayerKind kind) {
            return std::find_if(project.layers.begin(), project.layers.end(),
                                [&](const Layer& l) {
                                    return l.kind == kind && (!l.person || l.person == first);
                                })
                ->id;
        };
        const LayerId person = layerOf(strata::LayerKind::Person);
        const LayerId front = layerOf(strata::LayerKind::Occluder);
        QVERIFY(!editChoice(project, first, "cpu")->personInFront);
        project = must(setLayerTrim(project, person, {-2, 3}));
        project = must(setLayerTrim(project, front, {5, 0}));
        project = must(moveLayer(project, person, 99));
        const auto edit = editChoice(project, first, "cpu");
        QVERIFY(edit);
        QVERIFY(edit->personInFront);
        QCOMPARE(edit->personTrim, (MatteTrim{-2, 3}));
        QCOMPARE(edit->occluderTrim, (MatteTrim{5, 0}));
    }

    void strokesOfTheFramesAreTaken() {
        giveIdentity(first);
        const LayerId layer = project.layerOf(first)->id;
        project = must(clearStrokes(project, layer));
        for (const std::int64_t frame : {3, 8, 3}) {
            strata::Stroke stroke;
            stroke.layer = layer;
            stroke.frame = frame;
            stroke.radius = double(4 + frame);
            stroke.points = std::make_shared<const std::vector<StrokePoint>>(
                std::vector<StrokePoint>{{float(frame), 5}});
            project = must(addStroke(project, stroke));
        }
        QCOMPARE(editChoice(project, first, "cpu")->personStrokes.size(), std::size_t(3));
        const auto of = editChoice(project, first, "cpu", FrameRange{3, 4})->personStrokes;
        QCOMPARE(of.size(), std::size_t(2));
        QCOMPARE(of[0], (MatteStroke{3, true, 7, {{3, 5}}}));
    }

    void rendersFromInToOutUnlessAllIsWanted() {
        project = must(setRange(project, {10, 30}));
        QCOMPARE(deliveredFrames(project), (FrameRange{10, 30}));
        DeliverySettings delivery = project.delivery;
        delivery.wholeClip = true;
        project = must(setDeliverySettings(project, delivery));
        QCOMPARE(deliveredFrames(project), (FrameRange{0, 100}));
    }
};

QTEST_MAIN(TestEditChoice)
#include "test_edit_choice.moc"
