// SPDX-License-Identifier: Apache-2.0
#include "ui/session/media_probe.h"

#include "ui/bridge/text.h"

#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace strata;
using namespace strata::ui;

class TestMediaProbe : public QObject {
    Q_OBJECT

    std::optional<Result<MediaItem>> probed(const std::filesystem::path& path) {
        MediaProbe probe;
        std::optional<Result<MediaItem>> answer;
        probe.probe(path, [&](Result<MediaItem> found) { answer = std::move(found); });
        (void)QTest::qWaitFor([&] { return answer.has_value(); }, 30000);
        return answer;
    }

private Q_SLOTS:
    void kindsGoByTheName() {
        QCOMPARE(mediaKindOf("a/b.MP4"), MediaKind::Clip);
        QCOMPARE(mediaKindOf("b.jpeg"), MediaKind::Picture);
        QCOMPARE(mediaKindOf("b.bvh"), MediaKind::Motion);
        QVERIFY(!mediaKindOf("b.txt"));
        QVERIFY(!mediaKindOf("b"));
    }

    void foldersAreClipsOrTemplates() {
        QTemporaryDir folder;
        QCOMPARE(mediaKindOf(toPath(folder.path())), MediaKind::Clip);
        QFile(folder.filePath("vid.mp4")).open(QIODevice::WriteOnly);
        QCOMPARE(mediaKindOf(toPath(folder.path())), MediaKind::Template);
    }

    void aClipTellsItsFacts() {
        const auto found = probed(STRATA_SOURCE_DIR "/assets/samples/walk.mp4");
        QVERIFY(found && *found);
        QCOMPARE((*found)->kind, MediaKind::Clip);
        QCOMPARE((*found)->facts.frameCount, std::int64_t(84));
        QCOMPARE((*found)->facts.size, (Size{854, 480}));
        QVERIFY((*found)->path.is_absolute());
    }

    void whatIsNotThereIsSaid() {
        const auto found = probed("/nowhere/clip.mp4");
        QVERIFY(found && !*found);
        QCOMPARE(found->error().code, ErrorCode::NotFound);
    }

    void textIsNoMedium() {
        const auto found = probed(STRATA_SOURCE_DIR "/README.md");
        QVERIFY(found && !*found);
        QCOMPARE(found->error().code, ErrorCode::BadFormat);
    }

    void leavingInTheMiddleIsSafe() {
        bool answered = false;
        {
            MediaProbe probe;
            probe.probe(STRATA_SOURCE_DIR "/assets/samples/walk.mp4",
                        [&](Result<MediaItem>) { answered = true; });
        }
        QTest::qWait(50);
        QVERIFY(!answered);
    }
};

QTEST_MAIN(TestMediaProbe)
#include "test_media_probe.moc"
