// SPDX-License-Identifier: Apache-2.0
#include "engine/media/thumbnails.h"

#include "tests/unit/media/numbered_clip.h"

#include <QTest>

using namespace strata;
namespace fs = std::filesystem;

class TestThumbnails : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() {
        auto options = clips::small({320, 192});
        options.keyframeInterval = 30;
        QVERIFY(clips::make(in("clip.mp4"), options, 80));
    }

    void squarePixelsComeOfAnyShape() {
        VideoInfo info;
        info.size = {1920, 1080};
        QVERIFY(thumbnailSize(info, 54) == (Size{96, 54}));
        info.size = {720, 576};
        info.sampleAspect = Rational(64, 45);
        QVERIFY(thumbnailSize(info, 90) == (Size{160, 90}));
        info.sampleAspect = Rational(0, 1); // not stated
        QVERIFY(thumbnailSize(info, 80) == (Size{100, 80}));
        info.sampleAspect = Rational(1'000'000, 1);
        QVERIFY(thumbnailSize(info, 10) == (Size{160, 10}));
        info.sampleAspect = Rational(1, 1'000'000);
        QVERIFY(thumbnailSize(info, 10) == (Size{1, 10}));
        QVERIFY(thumbnailSize(info, 0) == Size());
    }

    void picturesComeInTheOrderAskedFor() {
        auto clip = *openForThumbnails(in("clip.mp4"));
        const std::vector<std::int64_t> wanted{40, 3, 79, -1, 80, 41};
        std::vector<std::int64_t> got;
        QVERIFY(readThumbnails(*clip, wanted, 96, {}, [&](std::int64_t frame, ImageU8 picture) {
            got.push_back(frame);
            return picture.size() == Size{160, 96} && clips::numberIn(picture) == frame;
        }));
        QVERIFY(got == (std::vector<std::int64_t>{40, 3, 79, 41}));
    }

    void stopsWhenTheTakerHasEnough() {
        auto clip = *openForThumbnails(in("clip.mp4"));
        const std::vector<std::int64_t> wanted{1, 2, 3, 4};
        int got = 0;
        QVERIFY(readThumbnails(*clip, wanted, 20, {},
                               [&](std::int64_t, ImageU8) { return ++got < 2; }));
        QCOMPARE(got, 2);
    }

    void stopsWhenAsked() {
        auto clip = *openForThumbnails(in("clip.mp4"));
        const std::vector<std::int64_t> wanted{1, 2, 3, 4};
        std::stop_source stop;
        int got = 0;
        const auto status =
            readThumbnails(*clip, wanted, 20, {stop.get_token(), {}}, [&](std::int64_t, ImageU8) {
                if (++got == 3)
                    stop.request_stop();
                return true;
            });
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::Cancelled);
        QCOMPARE(got, 3);
        QVERIFY(!readThumbnails(*clip, wanted, 0, {}, [](std::int64_t, ImageU8) { return true; }));
    }
};

QTEST_GUILESS_MAIN(TestThumbnails)
#include "test_thumbnails.moc"
