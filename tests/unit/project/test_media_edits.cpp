// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/media_edits.h"

#include "engine/project/edit/marker_edits.h"
#include "engine/project/edit/source_edits.h"
#include "engine/project/edit/stroke_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestMediaEdits : public QObject {
    Q_OBJECT
    static constexpr MediaId kClip{1}, kPicture{2}, kMotion{3};

private Q_SLOTS:
    void aFileIsAddedOnce() {
        Project p = sampleProject();
        QCOMPARE(must(addMedia(p, sampleItem(MediaKind::Picture, "/media/x/../person.png"))), p);
        p = must(addMedia(p, sampleItem(MediaKind::Clip, "/media/frames/")));
        QCOMPARE(p.media.size(), std::size_t(4));
        QCOMPARE(p.media.back().path, std::filesystem::path("/media/frames"));
        QCOMPARE(findMedia(p, "/media/frames/", MediaKind::Clip), &p.media.back());
        QVERIFY(!findMedia(p, "/media/frames", MediaKind::Picture));
    }

    void onlyWholePathsAreTaken_data() {
        QTest::addColumn<QString>("path");
        for (const char* path : {"", "person.png", "/", "../x.png"})
            QTest::newRow(path) << path;
    }
    void onlyWholePathsAreTaken() {
        QFETCH(QString, path);
        const auto item = sampleItem(MediaKind::Picture, qPrintable(path));
        const auto result = addMedia(sampleProject(), item);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Usage);
    }

    void removingClearsWhereItWasUsed() {
        Project p = must(setIdentitySource(sampleProject(), PersonId{1}, kPicture));
        p = must(setSceneSource(p, kPicture));
        p = must(setMotionSource(p, PersonId{1}, kMotion));
        p = must(removeMedia(p, kPicture));
        QVERIFY(!p.find(kPicture));
        QVERIFY(!p.scene);
        QVERIFY(!p.find(PersonId{1})->sources.identity);
        QCOMPARE(p.find(PersonId{1})->sources.motion, std::optional(kMotion));
    }

    void theClipThatIsEditedStays() {
        const auto result = removeMedia(sampleProject(), kClip);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Usage);
    }

    void openingBeginsAfresh() {
        Project p = must(addMarker(sampleProject(), {{}, 5, "m", {}}));
        p = must(addStroke(p, sampleStroke(occluderLayer(p), 5)));
        MediaItem other = sampleItem(MediaKind::Clip, "/media/other.mp4");
        other.facts.frameCount = 7;
        p = must(addMedia(p, other));
        p = must(openClip(p, p.media.back().id));
        QCOMPARE(p.range, (FrameRange{0, 7}));
        QVERIFY(p.markers.empty() && p.people.empty() && p.strokes.empty());
        QCOMPARE(p.layers.size(), std::size_t(2));
        QCOMPARE(p.layers[0].kind, LayerKind::Scene);
        QCOMPARE(p.layers[1].kind, LayerKind::Occluder);
    }

    void openingTheSameClipAgainKeepsAll() {
        const Project p = sampleProject();
        QCOMPARE(must(openClip(p, kClip)), p);
    }

    void onlyClipsWithFramesCanBeOpened() {
        Project p = sampleProject();
        MediaItem unknown = sampleItem(MediaKind::Clip, "/media/unknown.mp4");
        unknown.facts = {};
        p = must(addMedia(p, unknown));
        QCOMPARE(openClip(p, kPicture).error().code, ErrorCode::Usage);
        QCOMPARE(openClip(p, p.media.back().id).error().code, ErrorCode::Usage);
        QCOMPARE(openClip(p, MediaId{99}).error().code, ErrorCode::NotFound);
    }

    void relinkingKeepsEverythingElse() {
        const Project before = sampleProject();
        MediaFacts found = before.find(kClip)->facts;
        found.digest = "d2";
        Project p = must(relinkMedia(before, kClip, "/new/place.mp4", found));
        QCOMPARE(p.find(kClip)->path, std::filesystem::path("/new/place.mp4"));
        QCOMPARE(p.find(kClip)->facts.digest, std::string("d2"));
        p.media = before.media;
        QCOMPARE(p, before);
    }

    void anotherClipIsNotTakenForTheSame() {
        MediaFacts found = sampleProject().find(kClip)->facts;
        found.frameCount = 101;
        const auto result = relinkMedia(sampleProject(), kClip, "/new/place.mp4", found);
        QVERIFY(!result);
        QCOMPARE(result.error().message,
                 std::string("This is another clip: it has 101 frames of 854x480 at 24000/1001 a "
                             "second, the one that is edited 100 frames of 854x480 at 24000/1001 a "
                             "second."));
        QVERIFY(!setMediaFacts(sampleProject(), kClip, found));
    }

    void factsAreLearnt() {
        MediaFacts facts;
        facts.size = {10, 20};
        const Project p = must(setMediaFacts(sampleProject(), kPicture, facts));
        QCOMPARE(p.find(kPicture)->facts, facts);
        facts.size = {-1, 20};
        QVERIFY(!setMediaFacts(p, kPicture, facts));
    }
};

QTEST_GUILESS_MAIN(TestMediaEdits)
#include "test_media_edits.moc"
