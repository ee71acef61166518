// SPDX-License-Identifier: Apache-2.0
#include "engine/core/parallel.h"

#include <QTest>

#include <atomic>
#include <vector>

using namespace strata;

class TestParallel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyItemIsVisitedOnce() {
        std::vector<std::atomic<int>> visits(1000);
        parallelFor(0, 1000, 7, [&](std::int64_t begin, std::int64_t end) {
            for (auto i = begin; i < end; ++i)
                ++visits[std::size_t(i)];
        });
        for (const auto& count : visits)
            QCOMPARE(count.load(), 1);
    }

    void anEmptyRangeCallsNothing() {
        bool called = false;
        parallelFor(5, 5, 1, [&](std::int64_t, std::int64_t) { called = true; });
        QVERIFY(!called);
    }

    void nestedLoopsFinish() {
        std::atomic<int> sum{0};
        parallelFor(0, 8, 1, [&](std::int64_t, std::int64_t) {
            parallelFor(0, 8, 1,
                        [&](std::int64_t begin, std::int64_t end) { sum += int(end - begin); });
        });
        QCOMPARE(sum.load(), 64);
    }

    void manyShortLoopsDoNotHang() {
        std::atomic<std::int64_t> sum{0};
        for (int round = 0; round < 2000; ++round)
            parallelFor(0, 16, 1,
                        [&](std::int64_t begin, std::int64_t end) { sum += end - begin; });
        QCOMPARE(sum.load(), 32000);
    }
};

QTEST_GUILESS_MAIN(TestParallel)
#include "test_parallel.moc"
