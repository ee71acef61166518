// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/source_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestSourceEdits : public QObject {
    Q_OBJECT
    static constexpr MediaId kClip{1}, kPicture{2}, kMotion{3};

private Q_SLOTS:
    void sourcesAreSetAndCleared() {
        Project p = must(setIdentitySource(sampleProject(), PersonId{2}, kPicture));
        p = must(setMotionSource(p, PersonId{2}, kMotion));
        p = must(setSceneSource(p, kClip));
        QCOMPARE(p.find(PersonId{2})->sources, (PersonSources{kPicture, kMotion}));
        QVERIFY(p.find(PersonId{1})->sources.empty());
        QCOMPARE(p.scene, std::optional(kClip));
        p = must(setIdentitySource(p, PersonId{2}, {}));
        p = must(setMotionSource(p, PersonId{2}, {}));
        p = must(setSceneSource(p, {}));
        QCOMPARE(p, sampleProject());
    }

    void onlyWhatCanServeIsTaken() {
        const Project p = sampleProject();
        const auto motion = setMotionSource(p, PersonId{1}, kPicture);
        QCOMPARE(motion.error().code, ErrorCode::Usage);
        QCOMPARE(motion.error().message,
                 std::string("person.png cannot be used here: a motion comes from a BVH or AMASS "
                             "file, a clip or a template."));
        QCOMPARE(setIdentitySource(p, PersonId{1}, kMotion).error().code, ErrorCode::Usage);
        QCOMPARE(setSceneSource(p, kMotion).error().code, ErrorCode::Usage);
        QVERIFY(setMotionSource(p, PersonId{1}, kClip));
    }

    void whatIsNotThereIsNamed() {
        const Project p = sampleProject();
        QCOMPARE(setIdentitySource(p, PersonId{8}, kPicture).error().message,
                 std::string("There is no person 8 in the project."));
        QCOMPARE(setSceneSource(p, MediaId{8}).error().message,
                 std::string("There is no medium 8 in the project."));
    }
};

QTEST_GUILESS_MAIN(TestSourceEdits)
#include "test_source_edits.moc"
