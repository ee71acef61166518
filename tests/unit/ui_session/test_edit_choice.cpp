// SPDX-License-Identifier: Apache-2.0
#include "ui/session/edit_choice.h"

#include "engine/project/edit/range_edits.h"
#include "engine/project/edit/settings_edits.h"
#include "engine/project/edit/source_edits.h"
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
        QVERIFY(!edit->generator);
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
