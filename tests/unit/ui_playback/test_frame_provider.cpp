// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/player.h"

#include "tests/unit/media/numbered_clip.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace strata;
using namespace strata::ui;
namespace fs = std::filesystem;

class TestFrameProvider : public QObject {
    Q_OBJECT
    static constexpr Size kSize{160, 96};
    static constexpr std::int64_t kFrames = 200;
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    /// A gray layer in which every pixel of frame i is i + `plus`.
    Status writeMatte(const fs::path& path, std::int64_t count, int plus) {
        VideoWriterOptions options;
        options.size = kSize;
        options.codec = VideoCodec::Ffv1;
        options.store = PixelStore::Gray8;
        STRATA_ASSIGN(const auto writer, VideoWriter::open(path, options));
        for (std::int64_t i = 0; i < count; ++i)
            STRATA_TRY(
                writer->write(i, ImageU8(kSize.width, kSize.height, 1, std::uint8_t(i + plus))));
        return writer->finish();
    }

    static bool opens(FrameProvider& provider, const fs::path& clip) {
        QSignalSpy opened(&provider, &FrameProvider::opened);
        provider.open(clip);
        return opened.wait(10000);
    }
    /// The frame that the provider answers with.
    static FrameLayersPtr answer(FrameProvider& provider, const FrameRequest& request) {
        FrameLayersPtr got;
        const auto wired = connect(&provider, &FrameProvider::frameReady,
                                   [&](const FrameLayersPtr& frame) { got = frame; });
        provider.request(request);
        const bool came =
            QTest::qWaitFor([&] { return got && got->frame == request.frame; }, 10000);
        disconnect(wired);
        return came ? got : nullptr;
    }
    static FrameRequest at(std::int64_t frame, int step = 0) {
        FrameRequest request;
        request.frame = frame;
        request.step = step;
        return request;
    }

private Q_SLOTS:
    void initTestCase() {
        auto options = clips::small(kSize);
        options.keyframeInterval = 90;
        QVERIFY(clips::make(in("gop.mp4"), options, kFrames));
        QVERIFY(writeMatte(in("first.mkv"), 100, 0));
        QVERIFY(writeMatte(in("second.mkv"), 100, 100));
    }

    void everyFrameOfALongGopIsExactInAnyOrder() {
        FrameProvider provider;
        QVERIFY(opens(provider, in("gop.mp4")));
        std::mt19937 random(3);
        for (int k = 0; k < 40; ++k) {
            const auto frame = std::int64_t(random() % kFrames);
            const auto got = answer(provider, at(frame, int(random() % 5) - 2));
            QVERIFY(got && got->source);
            QCOMPARE(clips::numberIn(*got->source), frame);
        }
    }

    void layersComeFromTheChunkThatHoldsTheFrame() {
        LayerStore store;
        store.addFile(LayerKind::Human, in("first.mkv"), {0, 100});
        store.addFile(LayerKind::Human, in("second.mkv"), {100, 200});
        FrameProvider provider;
        provider.setLayers(store.files());
        QVERIFY(opens(provider, in("gop.mp4")));
        for (const std::int64_t frame : {0, 99, 100, 199, 150}) {
            const auto got = answer(provider, at(frame));
            QVERIFY(got && got->human);
            QCOMPARE(int(got->human->at(5, 5)), int(frame));
            QVERIFY(!got->plate);
        }
    }

    void aLayerThatArrivesIsShownWithoutBeingAskedFor() {
        LayerStore store;
        FrameProvider provider;
        QVERIFY(opens(provider, in("gop.mp4")));
        QVERIFY(!answer(provider, at(20))->human);
        QSignalSpy frames(&provider, &FrameProvider::frameReady);
        store.addFile(LayerKind::Human, in("first.mkv"), {0, 100});
        provider.setLayers(store.files());
        QVERIFY(frames.wait(10000));
        const auto got = frames.last().first().value<FrameLayersPtr>();
        QVERIFY(got->human);
        QCOMPARE(int(got->human->at(0, 0)), 20);
    }

    void aReplacedLayerIsReadAgain() {
        LayerStore store;
        store.addFile(LayerKind::Human, in("first.mkv"), {0, 100});
        FrameProvider provider;
        provider.setLayers(store.files());
        QVERIFY(opens(provider, in("gop.mp4")));
        QCOMPARE(int(answer(provider, at(7))->human->at(0, 0)), 7);
        store.addFile(LayerKind::Human, in("second.mkv"), {0, 100});
        provider.setLayers(store.files());
        QVERIFY(QTest::qWaitFor([&] { return provider.cached(at(7)) != nullptr; }, 10000));
        QCOMPARE(int(answer(provider, at(7))->human->at(0, 0)), 107);
    }

    void ofManyRequestsTheNewestIsAnswered() {
        FrameProvider provider;
        QVERIFY(opens(provider, in("gop.mp4")));
        QList<qint64> shown;
        connect(&provider, &FrameProvider::frameReady,
                [&](const FrameLayersPtr& frame) { shown << frame->frame; });
        for (std::int64_t frame = 10; frame <= 190; frame += 3) // no event loop in between
            provider.request(at(frame));
        QVERIFY(QTest::qWaitFor([&] { return !shown.isEmpty() && shown.last() == 190; }, 10000));
        QVERIFY2(shown.size() <= 3, qPrintable(QString::number(shown.size())));
    }

    void memoryStaysWithinItsBound() {
        const std::size_t frameBytes = std::size_t(kSize.width) * kSize.height * 3;
        FrameProviderOptions options;
        options.cacheBytes = 12 * frameBytes;
        FrameProvider provider(options);
        QVERIFY(opens(provider, in("gop.mp4")));
        for (std::int64_t frame = 0; frame < 60; ++frame) {
            const auto got = answer(provider, at(frame, 1));
            QVERIFY(got);
            QCOMPARE(clips::numberIn(*got->source), frame);
            QVERIFY(provider.cacheState().bytes <= options.cacheBytes);
        }
        provider.setCacheLimit(4 * frameBytes);
        QVERIFY(provider.cacheState().bytes <= 4 * frameBytes);
    }

    void aCacheTooSmallForOneFrameStillShowsIt() {
        FrameProviderOptions options;
        options.cacheBytes = 1000;
        FrameProvider provider(options);
        QVERIFY(opens(provider, in("gop.mp4")));
        for (const std::int64_t frame : {3, 120, 4})
            QCOMPARE(clips::numberIn(*answer(provider, at(frame, 1))->source), frame);
    }

    void readingAheadMakesTheNextFramesReady() {
        FrameProvider provider;
        QVERIFY(opens(provider, in("gop.mp4")));
        QVERIFY(answer(provider, at(30, 1)));
        QVERIFY(QTest::qWaitFor([&] { return provider.cached(at(42)) != nullptr; }, 10000));
        QVERIFY(!provider.cached(at(60)));
        QVERIFY(answer(provider, at(150, -1)));
        QVERIFY(QTest::qWaitFor([&] { return provider.cached(at(135)) != nullptr; }, 10000));
    }

    void halfPreviewIsHalfTheSize() {
        FrameProvider provider;
        QVERIFY(opens(provider, in("gop.mp4")));
        FrameRequest request = at(77);
        request.reduction = 2;
        const auto got = answer(provider, request);
        QCOMPARE(got->source->size(), (Size{80, 48}));
        QCOMPARE(got->fullSize, kSize);
        QCOMPARE(clips::numberIn(*got->source), 77);
    }

    void whatCannotBeReadIsToldOnceAndTheRestIsShown() {
        LayerStore store;
        store.addFile(LayerKind::Human, in("missing.mkv"), {0, 200});
        FrameProvider provider;
        provider.setLayers(store.files());
        QSignalSpy failures(&provider, &FrameProvider::failed);
        QVERIFY(opens(provider, in("gop.mp4")));
        for (const std::int64_t frame : {1, 2, 3}) {
            const auto got = answer(provider, at(frame));
            QVERIFY(got && got->source && !got->human);
        }
        QCOMPARE(failures.size(), 1);
        QVERIFY(failures.first().first().toString().contains("missing.mkv"));
    }

    void aFileThatIsNoClipIsRefused() {
        FrameProvider provider;
        QSignalSpy failures(&provider, &FrameProvider::failed);
        provider.open(in("nothing.mp4"));
        QVERIFY(failures.wait(10000));
        QVERIFY(failures.first().first().toString().contains("nothing.mp4"));
    }

    void destructionStopsWorkInProgress() {
        QElapsedTimer timer;
        {
            FrameProvider provider;
            QVERIFY(opens(provider, in("gop.mp4")));
            provider.request(at(190, -1));
            timer.start();
        }
        QVERIFY(timer.elapsed() < 5000); // a decode in flight is finished, no more are begun
    }

    void anotherClipLeavesNothingOfTheFirst() {
        auto options = clips::small({80, 48});
        QVERIFY(clips::make(in("other.mp4"), options, 30, 500));
        FrameProvider provider;
        QVERIFY(opens(provider, in("gop.mp4")));
        provider.request(at(5));
        QVERIFY(opens(provider, in("other.mp4")));
        QList<Size> sizes;
        connect(&provider, &FrameProvider::frameReady,
                [&](const FrameLayersPtr& frame) { sizes << frame->fullSize; });
        const auto got = answer(provider, at(5));
        QCOMPARE(clips::numberIn(*got->source), 505);
        for (const Size size : sizes)
            QCOMPARE(size, (Size{80, 48}));
    }

    void thePlayerShowsWhereTheClockIs() {
        Player player;
        QSignalSpy opened(&player, &Player::opened);
        player.open(in("gop.mp4"));
        QVERIFY(opened.wait(10000));
        qint64 shown = -1;
        connect(&player, &Player::frameReady,
                [&](const FrameLayersPtr& frame) { shown = frame->frame; });
        player.clock().seek(88);
        QVERIFY(QTest::qWaitFor([&] { return shown == 88; }, 10000));
        player.clock().play();
        QVERIFY(QTest::qWaitFor([&] { return shown > 92; }, 10000));
        player.clock().stop();
        QVERIFY(QTest::qWaitFor([&] { return shown == player.clock().frame(); }, 10000));
    }
};

QTEST_GUILESS_MAIN(TestFrameProvider)
#include "test_frame_provider.moc"
