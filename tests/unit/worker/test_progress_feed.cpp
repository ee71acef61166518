// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/progress_feed.h"

#include <QTest>

#include <algorithm>

using namespace strata;
using namespace strata::cli;
using namespace std::chrono_literals;

class TestProgressFeed : public QObject {
    Q_OBJECT

    using Clock = ProgressFeed::Clock;
    static constexpr Clock::time_point kStart{1000s};

private Q_SLOTS:
    void neverMoreThanThirtyInASecond_data() {
        QTest::addColumn<int>("framesPerStage");
        QTest::newRow("one stage") << 100000;
        QTest::newRow("a new stage each time") << 1;
        QTest::newRow("short stages") << 20;
    }
    void neverMoreThanThirtyInASecond() {
        QFETCH(int, framesPerStage);
        std::vector<Clock::time_point> told;
        Clock::time_point now = kStart;
        ProgressFeed feed(
            1, [&](const protocol::Event&) { told.push_back(now); }, kStart);
        for (int i = 0; i < 20000; ++i, now += 500us) // 10 s
            feed.show({std::to_string(i / framesPerStage), i / 20000.0, i, 20000}, now);
        QVERIFY(told.size() > 100); // and not much less either
        for (std::size_t i = 0; i < told.size(); ++i) {
            const auto end = std::lower_bound(told.begin(), told.end(), told[i] + 1s);
            QVERIFY(end - (told.begin() + std::ptrdiff_t(i)) <= 30);
        }
    }

    void aNewStageIsToldAtOnce() {
        std::vector<std::string> stages;
        ProgressFeed feed(
            1,
            [&](const protocol::Event& event) {
                stages.push_back(std::get<protocol::ProgressMade>(event).stage);
            },
            kStart);
        feed.show({"people", 0, 0, 10}, kStart);
        feed.show({"people", 0.01, 1, 10}, kStart + 1ms);
        feed.show({"matte", 0.02, 0, 10}, kStart + 2ms);
        QCOMPARE(stages, (std::vector<std::string>{"people", "matte"}));
    }

    void speedAndRemainingTime() {
        ProgressRate rate(kStart);
        rate.update({"a", 0, 0, 100}, kStart);
        const auto figures = rate.update({"a", 0.25, 20, 60}, kStart + 10s);
        QCOMPARE(figures.fps, 2.0);
        QCOMPARE(*figures.secondsLeft, 30.0);
    }

    void aSlowStageTakesAsLongAsItsOwnSpeedSays() {
        ProgressRate rate(kStart);
        rate.update({"a", 0, 0, 100}, kStart);
        rate.update({"b", 0.8, 0, 100}, kStart + 80s);
        const auto figures = rate.update({"b", 0.81, 5, 100}, kStart + 90s);
        QCOMPARE(figures.fps, 0.5);
        QCOMPARE(*figures.secondsLeft, 190.0);
    }

    void whatWasFoundSaysNothingAboutTheSpeed() {
        ProgressRate rate(kStart);
        rate.update({"a", 0.5, 100, 100}, kStart);
        rate.foundLast();
        const auto early = rate.update({"b", 0.5, 0, 100}, kStart + 1ms);
        QVERIFY(!early.secondsLeft);
        const auto later = rate.update({"b", 0.6, 60, 100}, kStart + 10s);
        QVERIFY(std::abs(*later.secondsLeft - 40) < 1e-9);
    }
};

QTEST_GUILESS_MAIN(TestProgressFeed)
#include "test_progress_feed.moc"
