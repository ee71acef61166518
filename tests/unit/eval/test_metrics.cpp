// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/distance.h"
#include "engine/eval/mask_metrics.h"
#include "engine/eval/picture_score.h"
#include "engine/eval/plate_metrics.h"
#include "engine/eval/similarity.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace strata;

namespace {

ImageU8 square(int size, RectI box, std::uint8_t value = 255) {
    ImageU8 image(size, size, 1);
    for (int y = box.y0; y < box.y1; ++y)
        for (int x = box.x0; x < box.x1; ++x)
            image.at(x, y) = value;
    return image;
}

class ListSource : public FrameSource<std::uint8_t> {
public:
    explicit ListSource(std::vector<ImageU8> frames)
        : m_frames(std::move(frames)) {}
    std::int64_t frameCount() const override { return std::int64_t(m_frames.size()); }
    Size frameSize() const override { return m_frames.front().size(); }
    Result<Frame> frame(std::int64_t index) override {
        return std::make_shared<const ImageU8>(m_frames[index]);
    }

private:
    std::vector<ImageU8> m_frames;
};

} // namespace

class TestMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void halfOverlapHasTheExpectedNumbers() {
        const auto score = scoreMask(square(100, {10, 10, 50, 50}), square(100, {30, 10, 70, 50}));
        QVERIFY(score);
        QCOMPARE(score->iou, 800.0 / 2400.0);
        QCOMPARE(score->precision, 0.5);
        QCOMPARE(score->recall, 0.5);
    }

    void emptyMasksAgree() {
        const auto score = scoreMask(ImageU8(20, 20, 1), ImageU8(20, 20, 1));
        QVERIFY(score);
        QCOMPARE(score->iou, 1.0);
        QCOMPARE(score->boundary, 1.0);
    }

    void valuesUpTo127AreOutside() {
        const auto score =
            scoreMask(square(20, {5, 5, 15, 15}, 127), square(20, {5, 5, 15, 15}, 128));
        QVERIFY(score);
        QCOMPARE(score->iou, 0.0);
        QCOMPARE(score->boundary, 0.0);
    }

    void outlineForgivesOnePixelButNotTen() {
        const ImageU8 truth = square(100, {20, 20, 60, 60});
        QCOMPARE(scoreMask(square(100, {21, 20, 61, 60}), truth)->boundary, 1.0);
        QVERIFY(scoreMask(square(100, {30, 30, 70, 70}), truth)->boundary < 0.5);
    }

    void sizesThatDifferAreAnError() {
        const auto score = scoreMask(ImageU8(20, 20, 1), ImageU8(21, 20, 1));
        QVERIFY(!score);
        QCOMPARE(score.error().code, ErrorCode::ShapeMismatch);
    }

    void theReportAveragesAndNamesTheWorstFrame() {
        const ImageU8 truth = square(40, {0, 0, 20, 20});
        ListSource found({truth, square(40, {0, 0, 10, 20}), truth});
        ListSource wanted({truth, truth, truth});
        const auto report = scoreMasks(found, wanted);
        QVERIFY(report);
        QCOMPARE(report->mean.iou, 2.5 / 3.0);
        QCOMPARE(report->worstFrame, 1);
        QCOMPARE(report->worstIou, 0.5);
    }

    void aStopRequestEndsTheComparison() {
        ListSource found({ImageU8(8, 8, 1)}), wanted({ImageU8(8, 8, 1)});
        std::stop_source stop;
        stop.request_stop();
        const auto report = scoreMasks(found, wanted, {stop.get_token(), {}});
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
    }

    void distancesAreExact() {
        const Size size{23, 17};
        std::mt19937 random(3);
        std::vector<std::uint8_t> marked(std::size_t(size.width) * size.height, 0);
        for (int i = 0; i < 9; ++i)
            marked[random() % marked.size()] = 1;
        const auto distance = squaredDistance(marked, size);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                float best = std::numeric_limits<float>::infinity();
                for (int v = 0; v < size.height; ++v)
                    for (int u = 0; u < size.width; ++u)
                        if (marked[v * size.width + u])
                            best = std::min(best, float((u - x) * (u - x) + (v - y) * (v - y)));
                QCOMPARE(distance[y * size.width + x], best);
            }
        QVERIFY(std::isinf(squaredDistance(std::vector<std::uint8_t>(12, 0), {4, 3})[5]));
    }

    void plateErrorIsCountedInsideTheMaskOnly() {
        ImageU8 truth(30, 30, 3, 100), picture = truth;
        picture.at(5, 5, 0) = 110;
        picture.at(25, 25, 0) = 0;
        const auto error = errorInside(picture, truth, square(30, {0, 0, 10, 10}));
        QVERIFY(error);
        QCOMPARE(error->samples, 300);
        QCOMPARE(error->sum, 100.0);
        QVERIFY(std::abs(error->psnr() - 10 * std::log10(255.0 * 255 * 3)) < 1e-9);
    }

    void theMarginProtectsTheSurroundings() {
        ImageU8 truth(60, 60, 3, 100), picture = truth;
        picture.at(35, 10) = 0; // 16 pixels from the mask's last column
        const ImageU8 mask = square(60, {10, 0, 20, 60});
        QCOMPARE(errorOutside(picture, truth, mask, 16)->sum, 0.0);
        QCOMPARE(errorOutside(picture, truth, mask, 15)->sum, 10000.0);
    }

    void aPlateReportNeedsPixels() {
        ListSource a({ImageU8(8, 8, 3)}), b({ImageU8(8, 8, 3)}), empty({ImageU8(8, 8, 1)});
        const auto report = scorePlateInside(a, b, empty);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::NothingToDo);
        const auto outside = scorePlateOutside(a, b, empty, 4);
        QVERIFY(outside);
        QCOMPARE(outside->psnr, 99.0);
    }

    void structuralSimilarityAsDefined() {
        // Without contrast only the means count.
        const ImageU8 dark = square(12, {0, 0, 12, 12}, 50),
                      light = square(12, {0, 0, 12, 12}, 200);
        const double c1 = 2.55 * 2.55, c2 = 7.65 * 7.65;
        const auto means = structuralSimilarity(dark, light);
        QVERIFY(means);
        const double wanted = (2.0 * 50 * 200 + c1) / (50.0 * 50 + 200.0 * 200 + c1);
        QVERIFY(std::abs(*means - wanted) < 1e-9);

        // One window whose middle pixel is 255 in one picture only: w is its weight.
        double sum = 0;
        for (int i = -5; i <= 5; ++i)
            sum += std::exp(-i * i / 4.5);
        const double w = 1 / (sum * sum), mean = 255 * w, variance = 255 * 255 * (w - w * w);
        const auto dot = structuralSimilarity(square(11, {5, 5, 6, 6}), square(11, {0, 0, 0, 0}));
        QVERIFY(dot);
        QVERIFY(std::abs(*dot - c1 / (mean * mean + c1) * c2 / (variance + c2)) < 1e-9);

        QCOMPARE(*structuralSimilarity(light, light), 1.0);
        QVERIFY(!structuralSimilarity(light, square(11, {0, 0, 11, 11})));
        QVERIFY(!structuralSimilarity(square(10, {}), square(10, {})));
    }

    void scoresOfPicturesAreJoined() {
        PictureScore score;
        QCOMPARE(score.similarity(), 0.0);
        const ImageU8 truth(16, 16, 3, 100);
        QVERIFY(score.add(truth, truth));
        QVERIFY(score.add(ImageU8(16, 16, 3, 110), truth)); // ten levels off in half of all pixels
        QCOMPARE(score.pictures(), 2);
        QVERIFY(std::abs(score.psnr() - 10 * std::log10(255.0 * 255 / 50)) < 1e-9);
        const double light = (2.0 * 100 * 110 + 6.5025) / (100.0 * 100 + 110 * 110 + 6.5025);
        QVERIFY(std::abs(score.similarity() - (1 + light) / 2) < 1e-9);
        QVERIFY(!score.add(ImageU8(12, 16, 3), truth));
        QCOMPARE(score.pictures(), 2);
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "test_metrics.moc"
