// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/sound_provider.h"
#include "ui/widgets/timeline/thumbnail_provider.h"

#include "tests/unit/media/numbered_clip.h"

#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace strata;
using namespace strata::ui;
namespace fs = std::filesystem;

class TestTimelineProviders : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    static std::int64_t numberIn(const QImage& picture) {
        ImageU8 image(picture.width(), picture.height(), 3);
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const QRgb rgb = picture.pixel(x, y);
                image.at(x, y, 0) = std::uint8_t(qRed(rgb));
                image.at(x, y, 1) = std::uint8_t(qGreen(rgb));
                image.at(x, y, 2) = std::uint8_t(qBlue(rgb));
            }
        return clips::numberIn(image);
    }
    static std::vector<std::int64_t> everyFrame(std::int64_t count) {
        std::vector<std::int64_t> frames(std::size_t(count), 0);
        std::iota(frames.begin(), frames.end(), 0);
        return frames;
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(clips::make(in("clip.mp4"), clips::small({320, 192}), 400));
        QVERIFY(clips::make(in("other.mp4"), clips::small({320, 192}), 20, 500));
    }

    void picturesArriveAndAreThoseAskedFor() {
        ThumbnailProvider provider;
        QSignalSpy ready(&provider, &ThumbnailProvider::thumbnailReady);
        provider.setClip(in("clip.mp4"));
        provider.request({30, 10, 20}, 96);
        QTRY_COMPARE(ready.size(), 3);
        QCOMPARE(ready.at(0).at(0).toLongLong(), 30);
        for (const std::int64_t frame : {10, 20, 30}) {
            QVERIFY(provider.holds(frame));
            QCOMPARE(provider.nearest(frame).size(), QSize(160, 96));
            QCOMPARE(numberIn(provider.nearest(frame)), frame);
        }
        QCOMPARE(provider.bytes(), std::int64_t(3 * 160 * 96 * 4));
        QCOMPARE(numberIn(provider.nearest(24)), std::int64_t(20));
        QCOMPARE(numberIn(provider.nearest(27)), std::int64_t(30));
        provider.request({10, 20, 30}, 96); // all there: nothing is read again
        QTest::qWait(50);
        QCOMPARE(ready.size(), 3);
    }

    void farAwayPicturesDoNotStandIn() {
        ThumbnailProvider provider;
        provider.setClip(in("clip.mp4"));
        provider.request({0, 1, 2}, 48);
        QTRY_VERIFY(provider.holds(2));
        QVERIFY(!provider.nearest(9).isNull());
        QVERIFY(provider.nearest(300).isNull());
    }

    void theNewestWishWins() {
        ThumbnailProvider provider;
        QSignalSpy ready(&provider, &ThumbnailProvider::thumbnailReady);
        provider.setClip(in("clip.mp4"));
        provider.request(everyFrame(399), 48);
        QTRY_VERIFY(!ready.isEmpty());
        provider.request({399}, 48);
        QTRY_VERIFY(provider.holds(399));
        QTest::qWait(50);
        QVERIFY(ready.size() < 399); // the old wish was left where it was
        QCOMPARE(ready.last().at(0).toLongLong(), 399);
    }

    void memoryIsBounded() {
        const std::int64_t most = 10 * 80 * 48 * 4;
        ThumbnailProvider provider(nullptr, most);
        provider.setClip(in("clip.mp4"));
        provider.request(everyFrame(40), 48);
        QTRY_VERIFY(provider.holds(23)); // ten around the middle of what was asked for
        QTest::qWait(100);
        QVERIFY(provider.bytes() <= most);
        provider.request({300, 301, 302}, 48);
        QTRY_VERIFY(provider.holds(302));
        QVERIFY(provider.bytes() <= most);
        QVERIFY(provider.holds(300) && provider.holds(301));
        QVERIFY(!provider.holds(0)); // the farthest went first
    }

    void anotherClipForgetsTheFirst() {
        ThumbnailProvider provider;
        provider.setClip(in("clip.mp4"));
        provider.request({5}, 96);
        QTRY_VERIFY(provider.holds(5));
        provider.setClip(in("other.mp4"));
        QVERIFY(!provider.holds(5));
        provider.request({5}, 96);
        QTRY_VERIFY(provider.holds(5));
        QCOMPARE(numberIn(provider.nearest(5)), std::int64_t(505));
        provider.request({5}, 48); // another height
        QTRY_COMPARE(provider.nearest(5).height(), 48);
    }

    void aMissingClipIsTold() {
        ThumbnailProvider provider;
        QSignalSpy failed(&provider, &ThumbnailProvider::failed);
        provider.setClip(in("none.mp4"));
        provider.request({1}, 48);
        provider.request({2}, 48);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.at(0).at(0).toString().contains("none.mp4"));
        QTest::qWait(50);
        QCOMPARE(failed.size(), 1);
    }

    void leavingInTheMiddleIsSafe() {
        for (int i = 0; i < 5; ++i) {
            ThumbnailProvider thumbnails;
            thumbnails.setClip(in("clip.mp4"));
            thumbnails.request(everyFrame(400), 48);
            SoundProvider sound;
            sound.setClip(in("clip.mp4"), {});
            QTest::qWait(i * 7);
        }
        QCoreApplication::processEvents();
    }

    void theSoundArrives() {
        clips::writeWav(in("tone.wav"), 16000);
        SoundProvider provider;
        QSignalSpy ready(&provider, &SoundProvider::ready);
        provider.setClip(in("tone.wav"), {});
        QVERIFY(!provider.between(0, 1));
        QTRY_COMPARE(ready.size(), 1);
        const auto peak = provider.between(1.0, 1.2);
        QVERIFY(peak && std::abs(peak->high - 9600 / 32768.0F) < 0.02F);
        QVERIFY(!provider.between(2.1, 2.2));
        QVERIFY(!provider.between(-1, 0));
        provider.setClip({}, {});
        QVERIFY(!provider.between(1.0, 1.2));
    }

    void aClipWithoutSoundIsTold() {
        SoundProvider provider;
        QSignalSpy failed(&provider, &SoundProvider::failed);
        provider.setClip(in("clip.mp4"), {});
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.at(0).at(0).toString().contains("clip.mp4"));
    }
};

QTEST_MAIN(TestTimelineProviders)
#include "test_timeline_providers.moc"
