// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timecode.h"

#include <QTest>

using strata::Rational;
using strata::ui::Timecode;

class TestTimecode : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void framesHaveTheirCode_data() {
        QTest::addColumn<qint64>("num");
        QTest::addColumn<qint64>("den");
        QTest::addColumn<qint64>("frame");
        QTest::addColumn<QString>("code");
        const auto row = [](qint64 num, qint64 den, qint64 frame, const char* code) {
            QTest::addRow("%s at %lld/%lld", code, num, den) << num << den << frame << code;
        };
        row(24, 1, 0, "00:00:00:00");
        row(24, 1, 23, "00:00:00:23");
        row(24, 1, 24, "00:00:01:00");
        row(25, 1, 90'000, "01:00:00:00");
        row(24, 1, 24LL * 3600 * 100, "100:00:00:00");
        row(24000, 1001, 24LL * 60, "00:01:00:00"); // counts on at 24
        row(30, 1, 1800, "00:01:00:00");
        row(30000, 1001, 0, "00:00:00;00");
        row(30000, 1001, 1799, "00:00:59;29");
        row(30000, 1001, 1800, "00:01:00;02");
        row(30000, 1001, 3597, "00:01:59;29");
        row(30000, 1001, 3598, "00:02:00;02");
        row(30000, 1001, 17981, "00:09:59;29");
        row(30000, 1001, 17982, "00:10:00;00"); // a tenth minute drops nothing
        row(30000, 1001, 107'892, "01:00:00;00");
        row(60000, 1001, 3599, "00:00:59;59");
        row(60000, 1001, 3600, "00:01:00;04");
        row(60000, 1001, 35'964, "00:10:00;00");
        row(25, 2, 13, "00:00:01:00"); // 12.5 counts at 13
        row(240, 1, 239, "00:00:00:239");
        row(1, 10, 5, "00:00:05:00");
    }
    void framesHaveTheirCode() {
        QFETCH(qint64, num);
        QFETCH(qint64, den);
        QFETCH(qint64, frame);
        QFETCH(QString, code);
        QCOMPARE(Timecode(Rational(num, den)).text(frame), code);
    }

    void dropFrameCodeKeepsUpWithTheClock() {
        const Timecode timecode(Rational(30000, 1001));
        QVERIFY(timecode.dropsFrames());
        const std::int64_t day = 24 * 107'892LL;
        QCOMPARE(timecode.secondOf(day), std::int64_t(86400));
        QVERIFY(std::abs(double(day) * 1001 / 30000 - 86400) < 0.1);
    }

    void everyFrameHasANewCode() {
        for (const Rational rate : {Rational(30000, 1001), Rational(60000, 1001), Rational(24)}) {
            const Timecode timecode(rate);
            QString last;
            for (std::int64_t frame = 0; frame < 45'000; ++frame) {
                const QString text = timecode.text(frame);
                QVERIFY(last < text); // equally long, so the order of text is that of time
                last = text;
            }
        }
    }

    void aSecondBeginsWithItsFirstFrame() {
        for (const Rational rate : {Rational(30000, 1001), Rational(60000, 1001), Rational(25)}) {
            const Timecode timecode(rate);
            for (std::int64_t second = 0; second < 1500; ++second) {
                const std::int64_t frame = timecode.firstFrameOf(second);
                QCOMPARE(timecode.secondOf(frame), second);
                if (frame > 0)
                    QCOMPARE(timecode.secondOf(frame - 1), second - 1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTimecode)
#include "test_timecode.moc"
