// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/range_edits.h"
#include "tests/support/project_samples.h"

#include <QTest>

using namespace strata;

class TestRangeEdits : public QObject {
    Q_OBJECT
    static constexpr std::int64_t kFar = INT64_MAX;

private Q_SLOTS:
    void inAndOutAreClamped_data() {
        QTest::addColumn<int>("which"); // 0 in, 1 out
        QTest::addColumn<qint64>("frame");
        QTest::addColumn<qint64>("begin");
        QTest::addColumn<qint64>("end");
        // From [20, 60) of 100 frames.
        QTest::newRow("in inside") << 0 << qint64(30) << qint64(30) << qint64(60);
        QTest::newRow("in on the last frame") << 0 << qint64(59) << qint64(59) << qint64(60);
        QTest::newRow("in behind out") << 0 << qint64(70) << qint64(70) << qint64(100);
        QTest::newRow("in before the clip") << 0 << qint64(-5) << qint64(0) << qint64(60);
        QTest::newRow("in far away") << 0 << qint64(kFar) << qint64(99) << qint64(100);
        QTest::newRow("out inside") << 1 << qint64(40) << qint64(20) << qint64(41);
        QTest::newRow("out on the first frame") << 1 << qint64(20) << qint64(20) << qint64(21);
        QTest::newRow("out before in") << 1 << qint64(10) << qint64(0) << qint64(11);
        QTest::newRow("out behind the clip") << 1 << qint64(kFar) << qint64(20) << qint64(100);
        QTest::newRow("out before the clip") << 1 << qint64(-kFar) << qint64(0) << qint64(1);
    }
    void inAndOutAreClamped() {
        QFETCH(int, which);
        QFETCH(qint64, frame);
        const Project p = must(setRange(sampleProject(), {20, 60}));
        const Project edited = must(which == 0 ? setIn(p, frame) : setOut(p, frame));
        QTEST(qint64(edited.range.begin), "begin");
        QTEST(qint64(edited.range.end), "end");
    }

    void rangesKeepAtLeastOneFrame_data() {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<qint64>("begin");
        QTest::addColumn<qint64>("end");
        QTest::newRow("inside") << qint64(5) << qint64(9) << qint64(5) << qint64(9);
        QTest::newRow("empty") << qint64(5) << qint64(5) << qint64(5) << qint64(6);
        QTest::newRow("turned round") << qint64(50) << qint64(5) << qint64(50) << qint64(51);
        QTest::newRow("all too large") << qint64(-9) << qint64(999) << qint64(0) << qint64(100);
        QTest::newRow("behind the end") << qint64(400) << qint64(999) << qint64(99) << qint64(100);
    }
    void rangesKeepAtLeastOneFrame() {
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        const Project p = must(setRange(sampleProject(), {from, to}));
        QTEST(qint64(p.range.begin), "begin");
        QTEST(qint64(p.range.end), "end");
    }

    void clearingTakesTheWholeClip() {
        const Project p = must(clearRange(must(setRange(sampleProject(), {20, 60}))));
        QCOMPARE(p.range, (FrameRange{0, 100}));
    }

    void withoutAClipThereIsNoRange() {
        for (const auto& result :
             {setIn({}, 1), setOut({}, 1), setRange({}, {0, 1}), clearRange({})})
            QVERIFY(!result && result.error().code == ErrorCode::Usage);
    }

    void loopIsSet() {
        QVERIFY(sampleProject().loop);
        QVERIFY(!setLoop(sampleProject(), false).loop);
    }
};

QTEST_GUILESS_MAIN(TestRangeEdits)
#include "test_range_edits.moc"
