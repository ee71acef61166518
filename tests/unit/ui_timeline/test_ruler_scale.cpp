// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/ruler_scale.h"

#include <QTest>

#include <random>

using namespace strata;
using namespace strata::ui;

class TestRulerScale : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void placesAndFramesAreInverse() {
        std::mt19937 random(5);
        for (const double zoom : {0.0013, 0.07, 0.3333, 1.0, 2.7, 160.0})
            for (const double scroll : {0.0, 17.0, 12345.0, 2.5e6}) {
                const RulerScale scale(zoom, 148, scroll);
                for (int k = 0; k < 300; ++k) {
                    const auto frame = std::int64_t(random() % 2'000'000);
                    QCOMPARE(scale.frameAt(scale.x(double(frame))), frame);
                    QCOMPARE(scale.frameAt(scale.x(double(frame) + 0.99)), frame);
                    QCOMPARE(scale.borderAt(scale.x(double(frame) + 0.49)), frame);
                    QCOMPARE(scale.borderAt(scale.x(double(frame) + 0.51)), frame + 1);
                }
            }
    }

    void aStretchHasTheFramesItCuts() {
        const RulerScale scale(10, 100, 0);
        QVERIFY(scale.frames(100, 130) == (FrameRange{0, 3}));
        QVERIFY(scale.frames(105, 131) == (FrameRange{0, 4}));
        QVERIFY(scale.frames(95, 100) == (FrameRange{-1, 0}));
    }

    void ticksAreSensibleAtEveryZoom() {
        constexpr double label = 80;
        for (const Rational rate : {Rational(24), Rational(25), Rational(30000, 1001),
                                    Rational(60000, 1001), Rational(24000, 1001), Rational(7)}) {
            const Timecode timecode(rate);
            for (double zoom = 1e-4; zoom < 200; zoom *= 1.37) {
                const auto begin = std::int64_t(1e5);
                const FrameRange view{begin, begin + std::int64_t(1600 / zoom) + 1};
                const auto ticks = rulerTicks(timecode, view, zoom, label);
                checkTicks(ticks, timecode, view, zoom, label);
            }
        }
    }

    void ticksStandOnWholeTimecode() {
        // 8 points a frame at 24 frames a second: labels every 12 frames, ticks every frame.
        const auto fine = rulerTicks(Timecode(Rational(24)), {0, 48}, 8, 80);
        QCOMPARE(fine.size(), std::size_t(48));
        for (const Tick& tick : fine)
            QCOMPARE(tick.labelled, tick.frame % 12 == 0);
        // A minute of drop-frame time starts with frame number 2, which is the labelled one.
        const auto drop = rulerTicks(Timecode(Rational(30000, 1001)), {1700, 1900}, 4, 80);
        QVERIFY(std::find(drop.begin(), drop.end(), Tick{1800, true}) != drop.end());
        // A tenth of a point: labels every minute.
        const auto coarse = rulerTicks(Timecode(Rational(25)), {0, 15'000}, 0.1, 80);
        QVERIFY(coarse.front() == (Tick{0, true}));
        for (const Tick& tick : coarse)
            QCOMPARE(tick.labelled, tick.frame % 1500 == 0);
    }

    void thumbnailsStandCloseWithoutAGap() {
        for (double zoom = 1e-4; zoom < 60; zoom *= 1.19) {
            const double place = double(thumbnailStep(zoom, 96)) * zoom;
            QVERIFY(place <= 96);
            QVERIFY2(place > 96 / 2.0, qPrintable(QString::number(zoom)));
        }
        QCOMPARE(thumbnailStep(160, 96), std::int64_t(1));
        QCOMPARE(thumbnailStep(31, 96), std::int64_t(3));
        QCOMPARE(thumbnailStep(24, 96), std::int64_t(4));
    }

private:
    static void checkTicks(const std::vector<Tick>& ticks, const Timecode& timecode,
                           FrameRange view, double zoom, double label) {
        const QByteArray where =
            QByteArray::number(zoom) + " at " + QByteArray::number(timecode.nominalRate());
        QVERIFY2(!ticks.empty(), where);
        std::int64_t last = -1;
        std::int64_t lastLabelled = -1;
        int labelled = 0;
        for (const Tick& tick : ticks) {
            QVERIFY2(view.contains(tick.frame) && tick.frame > last, where);
            // Where frame numbers are left out, a distance is up to four frames short.
            if (last >= 0)
                QVERIFY2(double(tick.frame - last + 4) * zoom >= 4.0, where);
            last = tick.frame;
            if (!tick.labelled)
                continue;
            if (lastLabelled >= 0)
                QVERIFY2(double(tick.frame - lastLabelled + 4) * zoom >= label, where);
            lastLabelled = tick.frame;
            ++labelled;
        }
        QVERIFY2(labelled >= 2, where); // a view never lacks a place to read
    }
};

QTEST_GUILESS_MAIN(TestRulerScale)
#include "test_ruler_scale.moc"
