// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/playback_clock.h"

#include <QSignalSpy>
#include <QTest>

using namespace strata;
using namespace strata::ui;
using namespace std::chrono_literals;

class TestPlaybackClock : public QObject {
    Q_OBJECT
    std::chrono::nanoseconds m_time{0};
    std::unique_ptr<PlaybackClock> m_clock;

    void pass(std::chrono::nanoseconds time) {
        m_time += time;
        m_clock->tick();
    }

private Q_SLOTS:
    void init() {
        m_time = 5s;
        m_clock = std::make_unique<PlaybackClock>([this] { return m_time; });
        m_clock->setClip(1000, Rational(24));
    }

    void framesFollowFromTimeAlone() {
        m_clock->play();
        pass(41'666'666ns);
        QCOMPARE(m_clock->frame(), 0);
        pass(1ns); // 1/24 s is 41.666666… ms
        QCOMPARE(m_clock->frame(), 1);
        pass(1s);
        QCOMPARE(m_clock->frame(), 25);
    }

    void aLateTickSkipsFramesInsteadOfSlowingDown() {
        QSignalSpy frames(m_clock.get(), &PlaybackClock::frameChanged);
        m_clock->play();
        pass(500ms);
        QCOMPARE(frames.size(), 1);
        QCOMPARE(m_clock->frame(), 12);
    }

    void oddRatesDoNotDrift() {
        m_clock->setClip(10'000'000, Rational(30000, 1001));
        m_clock->play();
        for (int i = 0; i < 36'000; ++i) // ten hours, in steps of a second
            pass(1s);
        QCOMPARE(m_clock->frame(), std::int64_t(36'000) * 30000 / 1001);
    }

    void shuttleClimbsAndDescendsTheLadder() {
        const auto speeds = [&](auto press, int times) {
            QList<int> seen;
            for (int i = 0; i < times; ++i) {
                press();
                seen << m_clock->speed();
            }
            return seen;
        };
        m_clock->seek(500);
        QCOMPARE(speeds([&] { m_clock->shuttleForward(); }, 5), (QList<int>{1, 2, 4, 8, 8}));
        QCOMPARE(speeds([&] { m_clock->shuttleBack(); }, 5), (QList<int>{4, 2, 1, -1, -2}));
        m_clock->stop();
        QCOMPARE(m_clock->speed(), 0);
        m_clock->shuttleBack();
        QCOMPARE(m_clock->speed(), -1);
    }

    void changingSpeedGoesOnFromTheSameFrame() {
        m_clock->play();
        pass(1s);
        m_clock->shuttleForward(); // 2
        QCOMPARE(m_clock->frame(), 24);
        pass(1s);
        QCOMPARE(m_clock->frame(), 24 + 48);
        m_clock->shuttleBack();
        m_clock->shuttleBack(); // -1
        pass(1s);
        QCOMPARE(m_clock->frame(), 48);
    }

    void playingStopsAtTheOutPoint() {
        m_clock->setRange({100, 110});
        QSignalSpy ends(m_clock.get(), &PlaybackClock::reachedEnd);
        m_clock->play(); // from outside: starts at the in point
        QCOMPARE(m_clock->frame(), 100);
        pass(2s);
        QCOMPARE(m_clock->frame(), 109);
        QCOMPARE(m_clock->speed(), 0);
        QCOMPARE(ends.size(), 1);
        m_clock->play(); // again, from the start
        QCOMPARE(m_clock->frame(), 100);
    }

    void loopingKeepsTheBeat_data() {
        QTest::addColumn<int>("speed");
        QTest::addColumn<int>("frame");
        QTest::newRow("forwards") << 1 << 104; // 24 frames on from 100, in a loop of 10
        QTest::newRow("double") << 2 << 108;
        QTest::newRow("backwards") << -1 << 105; // 24 back from 109
    }
    void loopingKeepsTheBeat() {
        QFETCH(int, speed);
        QFETCH(int, frame);
        m_clock->setRange({100, 110});
        m_clock->setLoop(true);
        m_clock->play(speed);
        pass(1s);
        QCOMPARE(m_clock->frame(), frame);
        QCOMPARE(m_clock->speed(), speed);
    }

    void seekingWhilePlayingGoesOnFromThere() {
        m_clock->play();
        pass(1s);
        m_clock->seek(300);
        pass(500ms);
        QCOMPARE(m_clock->frame(), 312);
    }

    void seekingIsClampedAndSteppingStops() {
        m_clock->seek(5000);
        QCOMPARE(m_clock->frame(), 999);
        m_clock->play(-1);
        pass(1s);
        m_clock->step(-1);
        QCOMPARE(m_clock->speed(), 0);
        QCOMPARE(m_clock->frame(), 974);
        m_clock->seek(-3);
        QCOMPARE(m_clock->frame(), 0);
    }

    void anEmptyClipStandsStill() {
        m_clock->setClip(0, Rational(24));
        m_clock->play();
        QCOMPARE(m_clock->speed(), 0);
        QCOMPARE(m_clock->frame(), 0);
    }

    void theTimerRunsOnlyWhilePlaying() {
        PlaybackClock clock; // real time
        clock.setClip(100, Rational(50));
        QSignalSpy frames(&clock, &PlaybackClock::frameChanged);
        clock.play();
        QVERIFY(QTest::qWaitFor([&] { return clock.frame() >= 3; }, 5000));
        clock.stop();
        const auto count = frames.size();
        QTest::qWait(100);
        QCOMPARE(frames.size(), count);
    }
};

QTEST_GUILESS_MAIN(TestPlaybackClock)
#include "test_playback_clock.moc"
