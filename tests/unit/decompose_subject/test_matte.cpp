// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/body_geometry.h"
#include "engine/decompose/subject/matte.h"
#include "engine/decompose/subject/matte_smoothing.h"
#include "tests/unit/decompose_subject/fake_sensor.h"

#include <QtTest>

#include <random>

using namespace strata;

namespace {

constexpr int kWidth = 320, kHeight = 240;

/// A textured scene, `shift` pixels to the left, with dolls in it.
ImageU8 scene(const std::vector<Doll>& dolls, int shift = 0) {
    ImageU8 rgb(kWidth, kHeight, 3);
    for (int y = 0; y < kHeight; y += 8) {
        std::mt19937 random(5 + unsigned(y)); // a row continues to the right
        for (int x = -shift; x < kWidth; x += 8) {
            const std::uint8_t level = std::uint8_t(60 + random() % 100);
            for (int v = y; v < y + 8; ++v)
                for (int u = std::max(x, 0); u < std::min(x + 8, kWidth); ++u)
                    std::fill_n(rgb.pixel(u, v), 3, level);
        }
    }
    for (const Doll& doll : dolls)
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x)
                if (FakeSensor::inside(doll, {float(x), float(y)}))
                    std::copy_n(doll.color, 3, rgb.pixel(x, y));
    return rgb;
}

/// A textured pillar over the whole height, 40 pixels wide.
void paintPillar(ImageU8& rgb, int left) {
    std::mt19937 random(9);
    for (int y = 0; y < kHeight; y += 5)
        for (int x = left; x < left + 40; x += 5) {
            const std::uint8_t level = std::uint8_t(30 + random() % 200);
            for (int v = y; v < y + 5; ++v)
                for (int u = x; u < x + 5; ++u)
                    if (u >= 0 && u < kWidth)
                        std::fill_n(rgb.pixel(u, v), 3, level);
        }
}

ImageU8 truth(const Doll& doll) {
    ImageU8 mask(kWidth, kHeight, 1);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
            mask.at(x, y) = FakeSensor::inside(doll, {float(x), float(y)}) ? 255 : 0;
    return mask;
}

PeopleFrame seen(const Doll& doll) {
    FakeSensor sensor;
    sensor.dolls = {doll};
    const auto output = sensor.estimate({}, {doll.center, 1.25f * doll.height, 0.f});
    PersonObservation person;
    person.id = 1;
    person.pose = output->pose;
    person.region = output->region;
    person.mask = reduceRegionMask(output->mask);
    person.box = bodyBox(person, {kWidth, kHeight});
    return {{person}};
}

/// Marks everything reddish or bluish, whoever it is, as a matting network marks all people.
Result<ImageF> colorful(const ImageU8& rgb, int) {
    ImageF alpha(rgb.width(), rgb.height(), 1);
    for (int y = 0; y < rgb.height(); ++y)
        for (int x = 0; x < rgb.width(); ++x) {
            const std::uint8_t* p = rgb.pixel(x, y);
            alpha.at(x, y) = std::abs(int(p[0]) - int(p[2])) > 60 ? 1.f : 0.f;
        }
    return alpha;
}

double iou(const ImageU8& a, const ImageU8& b) {
    double both = 0, either = 0;
    for (std::size_t i = 0; i < a.count(); ++i) {
        both += a.data()[i] > 127 && b.data()[i] > 127;
        either += a.data()[i] > 127 || b.data()[i] > 127;
    }
    return either > 0 ? both / either : 1;
}

class ListSource : public FrameSource<std::uint8_t> {
public:
    std::vector<ImageU8> list;
    std::int64_t frameCount() const override { return std::int64_t(list.size()); }
    Size frameSize() const override { return list.front().size(); }
    Result<Frame> frame(std::int64_t index) override {
        return std::make_shared<const ImageU8>(list[index]);
    }
};

/// A shoe moves out from behind a wall beside the subject, 6 pixels a frame; the mattes have it
/// from frame 4 on only.
struct LateShoe {
    ListSource color, matte;

    explicit LateShoe(const Doll& subject) {
        for (int i = 0; i < 7; ++i) {
            color.list.push_back(scene({subject}));
            matte.list.push_back(truth(subject));
            const int tip = shoeTip(i);
            for (int y = 170; y < 186; ++y)
                for (int x = kWall; x < tip; ++x) {
                    const std::uint8_t shoe[3] = {30, 40, 170};
                    std::copy_n(shoe, 3, color.list.back().pixel(x, y));
                    if (i >= 4)
                        matte.list.back().at(x, y) = 255;
                }
        }
    }

    static constexpr int kWall = 220;
    static int shoeTip(int i) { return kWall + std::max(0, 6 * (i - 1)); }
};

const Doll kSubject{{110, 120}, 160, {200, 40, 40}};
const Doll kOther{{200, 120}, 160, {40, 60, 210}};

/// A small doll walks by over 24 frames, from `left` on by `step` pixels a frame, through what
/// `paint` makes of it.
struct WalkBy {
    ListSource color;
    std::vector<PeopleFrame> people;

    template <typename Paint>
    WalkBy(float left, float step, const Paint& paint) {
        for (int i = 0; i < 24; ++i) {
            Doll doll = kSubject;
            doll.height = 100;
            doll.center = {left + step * float(i), 120};
            color.list.push_back(paint(doll, i));
            people.push_back(seen(doll));
        }
    }

    Result<PlateEvidence> evidence(std::int64_t frame) {
        PlateCue cue(
            color, [&](std::int64_t i) -> Result<PeopleFrame> { return people[i]; }, 1);
        return cue.frame(frame);
    }
};

} // namespace

class TestMatte : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePersonIsCutOutAndTheNeighbourIsNot() {
        SubjectMatte matte(colorful, 1);
        const auto result = matte.process(0, scene({kSubject, kOther}), seen(kSubject));
        QVERIFY(result);
        QVERIFY2(iou(result->alpha, truth(kSubject)) > 0.95,
                 qPrintable(QString::number(iou(result->alpha, truth(kSubject)))));
        QVERIFY(result->confidence > 0.8f);
    }

    void depthTakesAwayWhatIsBehind() {
        // Somebody of the same colour stands behind, touching, and no other source tells the two
        // apart.
        Doll behind = kSubject;
        behind.center.x += 40;
        behind.height = 130;
        const ImageU8 picture = scene({behind, kSubject});
        PeopleFrame people = seen(kSubject);
        ImageU16 depth(kWidth, kHeight, 1, 2000);
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x)
                if (FakeSensor::inside(kSubject, {float(x), float(y)}))
                    depth.at(x, y) = std::uint16_t(30000 + 10 * y);
        SubjectMatte plain(colorful, 1), aware(colorful, 1);
        const auto without = plain.process(0, picture, people);
        const auto with = aware.process(0, picture, people, {nullptr, &depth});
        QVERIFY(with && without);
        QVERIFY(iou(with->alpha, truth(kSubject)) > 0.95);
        QVERIFY(iou(with->alpha, truth(kSubject)) > iou(without->alpha, truth(kSubject)) + 0.02);
    }

    void nobodyGivesAnEmptyMatte() {
        SubjectMatte matte(colorful, 1);
        const auto result = matte.process(0, scene({kOther}), {});
        QVERIFY(result);
        QCOMPARE(result->alpha, ImageU8(kWidth, kHeight, 1));
        QCOMPARE(result->confidence, 0.f);
    }

    void thePriorCarriesThePersonOverALoss() {
        SubjectMatte matte(colorful, 1);
        Doll doll = kSubject;
        QVERIFY(matte.process(0, scene({doll}), seen(doll)));
        doll.center.x += 4;
        const auto blind = matte.process(1, scene({doll}), {});
        QVERIFY(blind);
        QVERIFY(iou(blind->alpha, truth(doll)) > 0.9);
    }

    void aRestoredMatteGoesOnExactly() {
        SubjectMatte whole(colorful, 1), first(colorful, 1), second(colorful, 1);
        Doll doll = kSubject;
        for (int i = 0; i < 6; ++i) {
            doll.center.x += 3;
            if (i == 3)
                QVERIFY(second.restoreState(first.saveState()));
            const auto expected = whole.process(i, scene({doll, kOther}), seen(doll));
            const auto actual =
                (i < 3 ? first : second).process(i, scene({doll, kOther}), seen(doll));
            QVERIFY(expected && actual);
            QVERIFY(expected->alpha == actual->alpha);
            QCOMPARE(expected->confidence, actual->confidence);
        }
    }

    void aStateOfTheWrongKindIsRefused() {
        SubjectMatte matte(colorful, 1);
        ArrayMap state = matte.saveState();
        QVERIFY(matte.restoreState(state));
        const std::vector<float> few(8);
        state["colors"] = Array::of({8}, std::span<const float>(few));
        QVERIFY(!matte.restoreState(state));
    }

    void thePlateCueTellsWhoMovesFromWhatStands() {
        WalkBy walk(40, 10, [](const Doll& doll, int) {
            return scene({doll, {{160, 40}, 60, {40, 60, 210}}});
        });
        const auto evidence = walk.evidence(11); // the doll is at 150, 120; the other at 160, 40
        QVERIFY(evidence);
        QVERIFY(evidence->difference.at(150, 120) > 40.f);
        QVERIFY(evidence->known.at(150, 120) > 0.9f);
        QVERIFY(evidence->difference.at(160, 40) < 4.f);
        QVERIFY(evidence->difference.at(20, 200) < 4.f);
    }

    void aNearerPillarIsNotThePerson() {
        // The camera goes along: the scene shifts by 2 pixels a frame, the pillar before it by 5.
        WalkBy walk(60, 8, [](const Doll& doll, int i) {
            ImageU8 picture = scene({doll}, 2 * i);
            paintPillar(picture, 200 - 5 * i);
            return picture;
        });
        const auto evidence = walk.evidence(12); // pillar at 140..180, the doll at 156 behind it
        QVERIFY(evidence);
        int agrees = 0, all = 0;
        for (int y = 90; y < 150; ++y)
            for (int x = 144; x < 176; ++x, ++all)
                agrees += evidence->known.at(x, y) > 0.9f && evidence->difference.at(x, y) < 9.f;
        QVERIFY2(agrees > all * 9 / 10, qPrintable(QString::number(double(agrees) / all)));
    }

    void aShadowSpeaksForNobody() {
        WalkBy walk(40, 10, [](const Doll& doll, int) { return scene({doll}); });
        ImageU8& shaded = walk.color.list[11];
        for (int y = 150; y < 190; ++y) // beside the feet
            for (int x = 160; x < 200; ++x)
                for (int c = 0; c < 3; ++c)
                    shaded.pixel(x, y)[c] = std::uint8_t(shaded.pixel(x, y)[c] * 0.6);
        const auto evidence = walk.evidence(11);
        QVERIFY(evidence);
        QVERIFY(evidence->known.at(185, 170) > 0.9f);
        QVERIFY(evidence->difference.at(185, 170) < 14.f); // without: 24 and more
        QVERIFY(evidence->difference.at(150, 120) > 40.f); // the doll is seen as before
    }

    void flickerIsTakenOutAndSteadyMattesStay() {
        ListSource color, matte;
        for (int i = 0; i < 7; ++i) {
            color.list.push_back(scene({kSubject}));
            matte.list.push_back(truth(kSubject));
        }
        MatteSmoothing steady(color, matte);
        QVERIFY(*steady.frame(3) == matte.list[3]);
        for (int y = 100; y < 140; ++y) // a hole in one frame only
            for (int x = 100; x < 120; ++x)
                matte.list[3].at(x, y) = 0;
        MatteSmoothing smoothing(color, matte);
        QVERIFY(iou(*smoothing.frame(3), truth(kSubject)) > 0.99);
    }

    void aShoeThatComesOutIsThePersonsBeforeTheMatteHasIt() {
        LateShoe clip(kSubject);
        MatteSmoothing smoothing(clip.color, clip.matte);
        ImageU8 wanted = clip.matte.list[3];
        for (int y = 170; y < 186; ++y)
            for (int x = LateShoe::kWall; x < LateShoe::shoeTip(3); ++x)
                wanted.at(x, y) = 255;
        const auto smooth = smoothing.frame(3);
        QVERIFY(smooth);
        QVERIFY2(iou(*smooth, wanted) > 0.995,
                 qPrintable(QString::number(iou(*smooth, wanted), 'f', 4)));
        int shoe = 0;
        for (int y = 170; y < 186; ++y)
            for (int x = LateShoe::kWall; x < LateShoe::shoeTip(3); ++x)
                shoe += smooth->at(x, y) > 127;
        QVERIFY2(shoe > 16 * 12 * 3 / 4, qPrintable(QString::number(shoe)));
        QVERIFY(smooth->at(260, 178) == 0);
    }

    void nothingIsAddedWhereTheShoeIsNotYet() {
        LateShoe clip(kSubject);
        clip.color.list[3] = clip.color.list[0]; // hidden until the matte has it
        MatteSmoothing smoothing(clip.color, clip.matte);
        QVERIFY(*smoothing.frame(3) == clip.matte.list[3]);
    }

    void aMovingMatteLeavesNoGhost() {
        ListSource color, matte;
        std::vector<Doll> dolls;
        for (int i = 0; i < 7; ++i) {
            dolls.push_back(kSubject);
            dolls.back().center.x += 6.f * float(i);
            color.list.push_back(scene({dolls.back()}));
            matte.list.push_back(truth(dolls.back()));
        }
        MatteSmoothing smoothing(color, matte);
        QVERIFY(iou(*smoothing.frame(3), truth(dolls[3])) > 0.97);
        QVERIFY(*smoothing.frame(3) == *smoothing.frame(3));
    }
};

QTEST_GUILESS_MAIN(TestMatte)
#include "test_matte.moc"
