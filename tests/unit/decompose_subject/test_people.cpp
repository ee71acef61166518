// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/body_geometry.h"
#include "engine/decompose/subject/choose_subject.h"
#include "engine/decompose/subject/people.h"

#include <QtTest>

using namespace strata;

namespace {

PersonObservation someone(int id, RectF box, bool full = true) {
    PersonObservation person;
    person.id = id;
    person.box = box;
    person.fullBody = full;
    person.pose.score = 0.9f;
    for (int i = 0; i < kPoseLandmarks; ++i) {
        person.pose.landmarks[i] = {box.x0 + float(i), box.y0 + float(i * id), float(-i)};
        person.pose.world[i] = {0.1f * float(i), 0.2f, 0.3f};
        person.pose.visibility[i] = 0.01f * float(i);
        person.pose.presence[i] = 1.f;
    }
    person.mask = ImageU8(kPersonMaskSide, kPersonMaskSide, 1, std::uint8_t(10 * id));
    person.region = {{box.x0, box.y0}, 100.f, 0.3f};
    person.pose.nextRegion = {{box.x1, box.y1}, 90.f, -0.2f};
    return person;
}

PeopleFrame frameOf(std::vector<PersonObservation> people) { return {std::move(people)}; }

} // namespace

class TestPeople : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void peopleSurvivePackingUnchanged() {
        const std::vector<PeopleFrame> frames{
            frameOf({someone(1, {0, 0, 50, 90}), someone(2, {60, 0, 99, 80}, false)}), frameOf({}),
            frameOf({someone(2, {61, 1, 98, 79})})};
        const ArrayMap packed = packPeople(frames);
        const auto back = unpackPeople(packed, "people.npz");
        QVERIFY(back);
        QCOMPARE(back->size(), 3u);
        QVERIFY((*back)[1].people.empty());
        QCOMPARE((*back)[0].find(2)->fullBody, false);
        QVERIFY((*back)[2].find(2)->mask == frames[2].people[0].mask);
        const ArrayMap again = packPeople(*back);
        for (const auto& [name, array] : packed)
            QVERIFY(std::ranges::equal(array.bytes, again.at(name).bytes));
    }

    void countsThatDoNotFitAreRefused() {
        ArrayMap packed = packPeople(std::vector{frameOf({someone(1, {0, 0, 50, 90})})});
        for (const std::int32_t count : {-1, 2, 1 << 30}) {
            packed["count"] = Array::of({1}, std::span<const std::int32_t>(&count, 1));
            QVERIFY(!unpackPeople(packed, "people.npz"));
        }
        packed.erase("count");
        const auto missing = unpackPeople(packed, "people.npz");
        QVERIFY(!missing);
        QVERIFY(missing.error().message.find("people.npz") != std::string::npos);
    }

    void regionsMapThereAndBack() {
        const PoseRegion region{{200, 100}, 80, 0.7f};
        const glm::vec2 p = frameToRegion(region, regionToFrame(region, {0.2f, 0.9f}));
        QVERIFY(glm::length(p - glm::vec2(0.2f, 0.9f)) < 1e-5f);
        // Clockwise on screen: the region's top lies to the right of the centre after a quarter
        // turn.
        const glm::vec2 top = regionToFrame({{0, 0}, 2, 1.5707963f}, {0.5f, 0.f});
        QVERIFY(glm::length(top - glm::vec2(1, 0)) < 1e-5f);
    }

    void theLargestFullBodyPersonIsTheSubject() {
        SubjectSurvey survey({400, 300});
        for (int i = 0; i < 10; ++i)
            survey.add(i, frameOf({someone(1, {0, 0, 60, 150}), someone(2, {100, 0, 200, 290}),
                                   someone(3, {200, 0, 400, 300}, false)}));
        QCOMPARE(survey.choose()->id, 2);
        QCOMPARE(survey.choose(3)->id, 3);
        QCOMPARE(survey.choose()->range, (FrameRange{0, 10}));
        const auto wrong = survey.choose(9);
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, ErrorCode::Usage);
        QVERIFY(wrong.error().message.find("person 2") != std::string::npos);
    }

    void nobodyAndHalfBodiesAndTinyPeopleAreSaidSo() {
        SubjectSurvey none({400, 300}), half({400, 300}), tiny({400, 300});
        QCOMPARE(none.choose().error().code, ErrorCode::NothingToDo);
        half.add(0, frameOf({someone(1, {0, 0, 200, 300}, false)}));
        QVERIFY(half.choose().error().message.find("head to feet") != std::string::npos);
        QVERIFY(half.choose(1));
        tiny.add(0, frameOf({someone(1, {0, 0, 20, 40})}));
        QVERIFY(tiny.choose().error().message.find("too small") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestPeople)
#include "test_people.moc"
