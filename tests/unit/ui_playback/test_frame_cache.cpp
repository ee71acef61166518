// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/decode_order.h"
#include "ui/playback/frame_cache.h"

#include <QTest>

#include <set>

using namespace strata;
using namespace strata::ui;

class TestFrameCache : public QObject {
    Q_OBJECT
    static LayerImage image() {
        LayerImage made;
        made.u8 = std::make_shared<ImageU8>(100, 10, 1);
        return made;
    }
    static FrameCache::Key key(std::int64_t frame, int reduction = 1) {
        return {LayerKind::Source, frame, reduction};
    }
    static std::size_t bytes() { return image().bytes(); }

private Q_SLOTS:
    void whatWasUsedLongestAgoGoesFirst() {
        FrameCache cache(3 * bytes());
        for (const int frame : {1, 2, 3})
            cache.put(key(frame), image());
        QVERIFY(cache.use(key(1)));
        cache.put(key(4), image());
        QVERIFY(cache.contains(key(1)));
        QVERIFY(!cache.contains(key(2)));
        QCOMPARE(cache.bytes(), 3 * bytes());
    }

    void lookingIsNotUsing() {
        FrameCache cache(2 * bytes());
        cache.put(key(1), image());
        cache.put(key(2), image());
        QVERIFY(cache.find(key(1)));
        cache.put(key(3), image());
        QVERIFY(!cache.contains(key(1)));
    }

    void theFrameOnScreenStaysWhateverItTakes() {
        FrameCache cache(bytes() / 2);
        cache.keep(7);
        cache.put(key(7), image());
        cache.put({LayerKind::Plate, 7, 1}, image());
        cache.put(key(8), image());
        QVERIFY(cache.contains(key(7)));
        QVERIFY(cache.contains({LayerKind::Plate, 7, 1}));
        QVERIFY(!cache.contains(key(8)));
    }

    void replacingCountsOnce() {
        FrameCache cache(10 * bytes());
        cache.put(key(1), image());
        cache.put(key(1), image());
        QCOMPARE(cache.bytes(), bytes());
        cache.removeIf([](const auto&) { return true; });
        QCOMPARE(cache.bytes(), std::size_t(0));
    }

    void rangesAreOfOneReduction() {
        FrameCache cache(100 * bytes());
        for (const int frame : {4, 5, 9, 6})
            cache.put(key(frame), image());
        cache.put(key(7, 2), image());
        const std::vector<FrameRange> wanted = {{4, 7}, {9, 10}};
        QCOMPARE(cache.ranges(LayerKind::Source, 1), wanted);
    }

    void decodingGoesInTheDirectionOfPlay_data() {
        QTest::addColumn<int>("step");
        QTest::addColumn<QList<int>>("order");
        QTest::newRow("still") << 0 << QList<int>{50, 51, 52};
        QTest::newRow("forwards") << 1 << QList<int>{50, 51, 52, 53, 54, 55, 56};
        QTest::newRow("at double speed") << 2 << QList<int>{50, 52, 54, 56, 58};
        // Blocks of three counted from the end of the range, each decoded forwards.
        QTest::newRow("backwards") << -1 << QList<int>{48, 49, 50, 45, 46, 47};
        QTest::newRow("backwards at double speed") << -2 << QList<int>{48, 50, 42, 44, 46};
    }
    void decodingGoesInTheDirectionOfPlay() {
        QFETCH(int, step);
        QFETCH(QList<int>, order);
        FrameRequest request;
        request.frame = 50;
        request.step = step;
        request.ahead = {40, 60};
        QList<int> got;
        for (const auto frame : decodeOrder(request, 100, 6))
            got << int(frame);
        QCOMPARE(got, order);
    }

    void playingBackwardsDecodesEveryFrameOnce() {
        // While it plays, each request adds whole blocks and never one that it had before.
        std::set<std::int64_t> decoded;
        std::vector<std::int64_t> log;
        for (std::int64_t frame = 99; frame >= 0; --frame) {
            FrameRequest request;
            request.frame = frame;
            request.step = -1;
            for (const auto wanted : decodeOrder(request, 100, 24))
                if (decoded.insert(wanted).second)
                    log.push_back(wanted);
            QVERIFY(decoded.count(frame));
        }
        QCOMPARE(log.size(), std::size_t(100));
        int backSteps = 0;
        for (std::size_t i = 1; i < log.size(); ++i)
            backSteps += log[i] < log[i - 1];
        QVERIFY2(backSteps <= 100 / 12 + 1, qPrintable(QString::number(backSteps)));
    }
};

QTEST_GUILESS_MAIN(TestFrameCache)
#include "test_frame_cache.moc"
