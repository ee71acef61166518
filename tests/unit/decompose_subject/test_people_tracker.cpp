// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/people_tracker.h"

#include "tests/unit/decompose_subject/fake_sensor.h"

#include <QtTest>

using namespace strata;

namespace {

constexpr int kWidth = 640, kHeight = 360;

PeopleFrame step(PeopleTracker& tracker, FakeSensor& sensor, int index) {
    const auto result = tracker.process(index, sensor.picture(kWidth, kHeight));
    return result ? *result : PeopleFrame{};
}

bool equal(const PeopleFrame& a, const PeopleFrame& b) {
    const ArrayMap x = packPeople(std::span(&a, 1)), y = packPeople(std::span(&b, 1));
    return std::ranges::equal(x, y, [](const auto& p, const auto& q) {
        return p.first == q.first && p.second.shape == q.second.shape &&
               std::ranges::equal(p.second.bytes, q.second.bytes);
    });
}

} // namespace

class TestPeopleTracker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWalkingPersonKeepsTheirId() {
        FakeSensor sensor;
        sensor.dolls = {{{100, 180}}};
        PeopleTracker tracker(sensor);
        for (int i = 0; i < 30; ++i) {
            sensor.dolls[0].center.x = 100.f + 8.f * float(i);
            const PeopleFrame frame = step(tracker, sensor, i);
            QCOMPARE(frame.people.size(), 1u);
            QCOMPARE(frame.people[0].id, 1);
            QVERIFY(frame.people[0].measured);
            QVERIFY(frame.people[0].fullBody);
            const RectF box = frame.people[0].box;
            QVERIFY(std::abs(0.5f * (box.x0 + box.x1) - sensor.dolls[0].center.x) < 4.f);
            QVERIFY(std::abs(box.height() - 200.f) < 12.f);
        }
        QVERIFY(sensor.detections <= 4); // key frames only
    }

    void peopleWhoCrossDoNotSwapIds() {
        FakeSensor sensor;
        sensor.dolls = {{{120, 180}}, {{520, 180}, 200, {40, 60, 200}}};
        PeopleTracker tracker(sensor);
        step(tracker, sensor, 0);
        const PeopleFrame start = step(tracker, sensor, 1);
        QCOMPARE(start.people.size(), 2u);
        for (int i = 2; i < 50; ++i) {
            sensor.dolls[0].center.x += 8.f;
            sensor.dolls[1].center.x -= 8.f;
            step(tracker, sensor, i);
        }
        const PeopleFrame end = step(tracker, sensor, 50);
        for (const PersonObservation& person : start.people) {
            const bool wasLeft = person.box.x1 < 320;
            const PersonObservation* now = end.find(person.id);
            QVERIFY(now);
            QCOMPARE(now->box.x0 > 320, wasLeft);
        }
    }

    void whoLeavesAndComesBackGetsTheirIdAndAStrangerANewOne() {
        FakeSensor sensor;
        const Doll red{{320, 180}}, blue{{320, 180}, 200, {40, 60, 200}};
        sensor.dolls = {red};
        PeopleTracker tracker(sensor);
        int index = 0;
        for (; index < 15; ++index)
            step(tracker, sensor, index);
        sensor.dolls.clear();
        for (; index < 80; ++index)
            step(tracker, sensor, index);
        QVERIFY(step(tracker, sensor, index++).people.empty());
        sensor.dolls = {blue};
        const PeopleFrame stranger = step(tracker, sensor, index++);
        QCOMPARE(stranger.people.size(), 1u);
        QCOMPARE(stranger.people[0].id, 2);
        sensor.dolls = {blue, red};
        sensor.dolls[1].center.x = 120;
        PeopleFrame both;
        for (int i = 0; i < 14; ++i)
            both = step(tracker, sensor, index++);
        QCOMPARE(both.people.size(), 2u);
        QVERIFY(both.find(1));
        QVERIFY(both.find(1)->box.x1 < 200);
    }

    void aShortLossIsPredictedAndALongOneEnds() {
        FakeSensor sensor;
        sensor.dolls = {{{300, 180}}};
        PeopleTracker tracker(sensor);
        for (int i = 0; i < 15; ++i)
            step(tracker, sensor, i);
        sensor.dolls.clear();
        const PeopleFrame lost = step(tracker, sensor, 15);
        QCOMPARE(lost.people.size(), 1u);
        QVERIFY(!lost.people[0].measured);
        PeopleFrame later;
        for (int i = 16; i < 26; ++i)
            later = step(tracker, sensor, i);
        QVERIFY(later.people.empty());
    }

    void vagueMasksAreNobody() {
        FakeSensor sensor;
        sensor.dolls = {{{300, 180}}};
        sensor.vagueness = 0.4f;
        PeopleTracker tracker(sensor);
        for (int i = 0; i < 5; ++i)
            QVERIFY(step(tracker, sensor, i).people.empty());
    }

    void aRestoredTrackerGoesOnExactly() {
        FakeSensor sensor;
        sensor.dolls = {{{120, 180}}, {{420, 180}, 220, {40, 60, 200}}};
        PeopleTracker whole(sensor), first(sensor), second(sensor);
        for (int i = 0; i < 40; ++i) {
            sensor.dolls[0].center.x += 3.f;
            if (i == 17)
                QVERIFY(second.restoreState(first.saveState()));
            const PeopleFrame expected = step(whole, sensor, i);
            QVERIFY(equal(expected, step(i < 17 ? first : second, sensor, i)));
        }
    }

    void theBackwardRunFillsFramesBeforeTheFirstDetection() {
        FakeSensor sensor;
        sensor.dolls = {{{120, 180}}};
        PeopleTracker forward(sensor), backward(sensor);
        std::vector<PeopleFrame> frames;
        for (int i = 0; i < 20; ++i) {
            sensor.blind = i < 10;
            sensor.dolls[0].center.x = 120.f + 5.f * float(i);
            frames.push_back(step(forward, sensor, i));
        }
        QVERIFY(frames[5].people.empty());
        for (int i = 20; i-- > 0;) {
            sensor.dolls[0].center.x = 120.f + 5.f * float(i);
            const auto filled =
                backward.processBackward(i, sensor.picture(kWidth, kHeight), frames[i]);
            QVERIFY(filled);
            QCOMPARE(filled->people.size(), 1u);
            QCOMPARE(filled->people[0].id, 1);
        }
    }

    void aStopRequestEndsTheRun() {
        FakeSensor sensor;
        PeopleTracker tracker(sensor);
        std::stop_source stop;
        stop.request_stop();
        const auto result = tracker.process(0, sensor.picture(64, 64), {stop.get_token(), {}});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPeopleTracker)
#include "test_people_tracker.moc"
