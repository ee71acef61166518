// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/person_score.h"
#include "engine/eval/similarity.h"

#include <QtTest>

#include <cmath>

using namespace strata;

namespace {

ImageU8 flat(int side, std::uint8_t value) { return ImageU8(side, side, 1, value); }

ImageU8 marked(int side, RectI box) {
    ImageU8 image(side, side, 1);
    for (int y = box.y0; y < box.y1; ++y)
        for (int x = box.x0; x < box.x1; ++x)
            image.at(x, y) = 255;
    return image;
}

/// Brighter by two levels a pixel to the right.
ImageU8 ramp(int side, double shift) {
    ImageU8 image(side, side, 1);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            image.at(x, y) = std::uint8_t(100 + std::lround(2 * (x - shift)));
    return image;
}

PixelMotion moving(int side, float x, float y) {
    PixelMotion motion{ImageF(side, side, 2), ImageU8(side, side, 1, 255)};
    for (std::size_t i = 0; i < motion.known.count(); ++i) {
        motion.way.data()[2 * i] = x;
        motion.way.data()[2 * i + 1] = y;
    }
    return motion;
}

TrueClip clipOf(const std::vector<ImageU8>& frames, RectI person) {
    TrueClip clip;
    clip.frames = frames;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        clip.person.push_back(marked(frames[i].width(), person));
        if (i > 0)
            clip.motion.push_back(moving(frames[i].width(), 0, 0));
    }
    return clip;
}

} // namespace

class TestPersonScore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fiveScalesAsDefined() {
        // Without contrast only the light at the coarsest scale counts.
        const double c1 = 2.55 * 2.55, c2 = 7.65 * 7.65;
        const auto light = multiScaleSimilarity(flat(176, 50), flat(176, 200));
        QVERIFY(light);
        const double plain = (2.0 * 50 * 200 + c1) / (50.0 * 50 + 200.0 * 200 + c1);
        QVERIFY(std::abs(*light - std::pow(plain, 0.1333)) < 1e-9);

        // A chequerboard of single pixels is gone at the second scale.
        ImageU8 board(176, 176, 1);
        for (int y = 0; y < 176; ++y)
            for (int x = 0; x < 176; ++x)
                board.at(x, y) = (x + y) % 2 ? 140 : 100;
        const auto fine = multiScaleSimilarity(board, flat(176, 120));
        QVERIFY(fine);
        QVERIFY(std::abs(*fine - std::pow(c2 / (400 + c2), 0.0448)) < 1e-4);

        QCOMPARE(*multiScaleSimilarity(board, board), 1.0);
        QVERIFY(!multiScaleSimilarity(flat(175, 0), flat(175, 0)));
    }

    void flickerIsTheDistanceFromTheNeighboursMean() {
        const ImageU8 mask = marked(4, {0, 0, 2, 4});
        const auto pulse = flickerInside(flat(4, 100), flat(4, 110), flat(4, 104), mask);
        QVERIFY(pulse);
        QCOMPARE(pulse->mean(), 8.0);
        QCOMPARE(pulse->samples, 8);
        QCOMPARE(flickerInside(flat(4, 100), flat(4, 110), flat(4, 120), mask)->mean(), 0.0);
        QVERIFY(!flickerInside(flat(4, 0), flat(5, 0), flat(4, 0), mask));
    }

    void whatMovesAlongHasNoWarpingError() {
        const ImageU8 frame = ramp(40, 0), next = ramp(40, 1.5);
        const auto right = warpingError(frame, next, moving(40, 1.5f, 0.25f));
        QVERIFY(right);
        QVERIFY(right->mean() < 1e-9);
        QCOMPARE(right->samples, 38 * 39); // the others leave the picture
        const auto still = warpingError(frame, next, moving(40, 0, 0));
        QVERIFY(std::abs(still->mean() - 9.0 / 255 / 255) < 1e-9);
        PixelMotion unknown = moving(40, 0, 0);
        unknown.known = ImageU8(40, 40, 1, 127);
        QCOMPARE(warpingError(frame, next, unknown)->samples, 0);
    }

    void boxesHoldAllOfThePerson() {
        QCOMPARE(boxOf(marked(100, {30, 40, 60, 90}), 4), (RectI{26, 36, 64, 94}));
        QCOMPARE(boxOf(marked(100, {0, 0, 3, 100}), 4), (RectI{0, 0, 32, 100}));
        QCOMPARE(boxOf(marked(100, {98, 50, 100, 52}), 4), (RectI{68, 35, 100, 67}));
        QVERIFY(boxOf(marked(100, {}), 4).empty());
    }

    void onlyThePersonsBoxIsCompared() {
        const RectI person{20, 20, 60, 60};
        const TrueClip truth = clipOf(std::vector<ImageU8>(3, flat(100, 100)), person);
        std::vector<ImageU8> drawn = truth.frames;
        drawn[1] = flat(100, 0); // wrong everywhere but in the box
        for (int y = 16; y < 64; ++y)
            for (int x = 16; x < 64; ++x)
                drawn[1].at(x, y) = 106;
        PersonScore score;
        QVERIFY(score.add(drawn, truth));
        const PersonFigures figures = score.figures();
        QCOMPARE(figures.frames, 3);
        QVERIFY(std::abs(figures.psnr - 10 * std::log10(255.0 * 255 / 12)) < 1e-9);
        const double second = 10 * std::log10(255.0 * 255 / 36); // the others are right
        QVERIFY(std::abs(figures.framePsnr - (99 + second + 99) / 3) < 1e-9);
        QCOMPARE(figures.flicker, 6.0);
        QCOMPARE(figures.msSsim, 0.0); // too small for it
        QVERIFY(figures.warping > 0);

        drawn.pop_back();
        const auto shorter = score.add(drawn, truth);
        QVERIFY(!shorter && shorter.error().code == ErrorCode::ShapeMismatch);
    }

    void distancesAreTakenNowAndThen() {
        int calls = 0;
        const auto between = [&](const ImageU8& a, const ImageU8& b) -> Result<double> {
            ++calls;
            return double(a.at(0, 0)) - double(b.at(0, 0));
        };
        const auto fixed = [](const ImageU8&, const ImageU8&) -> Result<double> { return 0.5; };
        PersonScore score({{"levels", between}, {"half", fixed}}, 2);
        const TrueClip truth = clipOf(std::vector<ImageU8>(5, flat(64, 100)), {10, 10, 50, 50});
        QVERIFY(score.add(std::vector<ImageU8>(5, flat(64, 103)), truth));
        QCOMPARE(calls, 3);
        QCOMPARE(score.figures().distances, (std::vector<double>{3.0, 0.5}));
    }

    void framesWithoutThePersonDoNotCount() {
        const TrueClip truth = clipOf(std::vector<ImageU8>(2, flat(64, 100)), {});
        PersonScore score;
        QVERIFY(score.add(truth.frames, truth));
        QCOMPARE(score.figures().frames, 0);
    }
};

QTEST_GUILESS_MAIN(TestPersonScore)
#include "test_person_score.moc"
