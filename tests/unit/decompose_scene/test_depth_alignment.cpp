// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/depth_alignment.h"

#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::test;

namespace {

/// True inverse depth: a floor that rises towards the viewer, a wall with a bump, and a person
/// walking.
cv::Mat trueDepth(int frame) {
    cv::Mat depth(sceneSize.height, sceneSize.width, CV_32F);
    for (int y = 0; y < depth.rows; ++y)
        for (int x = 0; x < depth.cols; ++x)
            depth.at<float>(y, x) =
                0.2f + (y > 80 ? 0.008f * float(y - 80) : 0.f) + 0.1f * std::sin(0.05f * float(x));
    cv::rectangle(depth, {20 + 3 * frame, 40, 30, 80}, cv::Scalar(0.8), cv::FILLED);
    return depth;
}

cv::Mat personMask(int frame) {
    cv::Mat mask = cv::Mat::zeros(sceneSize.height, sceneSize.width, CV_8U);
    cv::rectangle(mask, {20 + 3 * frame, 40, 30, 80}, cv::Scalar(255), cv::FILLED);
    return mask;
}

ImageF measured(int frame) {
    const double scale = 3.0 + std::sin(1.7 * frame);
    const double shift = 5.0 * std::cos(0.9 * frame);
    ImageF image(sceneSize.width, sceneSize.height, 1);
    cv::Mat out = view(image);
    cv::Mat(trueDepth(frame) * scale + shift).copyTo(out);
    return image;
}

} // namespace

class TestDepthAlignment : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void scaleAndShiftOfEveryFrameAreUndone() {
        DepthAligner aligner(sceneSize);
        ImageU16 first;
        double worst = 0;
        for (int i = 0; i < 30; ++i) {
            const auto depth = aligner.add(measured(i), maskImage(personMask(i)), {});
            QVERIFY(depth);
            if (i == 0)
                first = *depth;
            for (const auto p : {cv::Point(5, 10), cv::Point(200, 60), cv::Point(230, 150)})
                worst = std::max(worst, std::abs(double(depth->at(p.x, p.y)) - first.at(p.x, p.y)));
        }
        // The first frame's range spans a third of the 16 bits.
        QVERIFY2(worst < 0.01 * 65535 / 3, qPrintable(QString::number(worst)));
    }

    void thePersonStaysNearerThanTheWall() {
        DepthAligner aligner(sceneSize);
        for (int i = 0; i < 20; ++i) {
            const auto depth = aligner.add(measured(i), maskImage(personMask(i)), {});
            QVERIFY(depth);
            QVERIFY(depth->at(35 + 3 * i, 60) > depth->at(235, 60) + 4000);
        }
    }

    void withoutBackgroundTheLastLineIsKept() {
        DepthAligner aligner(sceneSize);
        QVERIFY(aligner.add(measured(0), {}, {}));
        const float scale = aligner.lastScale();
        const ImageU8 everything(sceneSize.width, sceneSize.height, 1, 255);
        QVERIFY(aligner.add(measured(1), everything, {}));
        QCOMPARE(aligner.lastScale(), scale);
    }

    void aRestoredAlignerGoesOnBitByBit() {
        DepthAligner whole(sceneSize);
        DepthAligner second(sceneSize);
        CameraStep step;
        step.toPrevious = {{1, 0, 0.7, 0, 1, 0.2, 0, 0, 1}};
        for (int i = 0; i < 8; ++i) {
            const auto mask = maskImage(personMask(i));
            const auto depth = whole.add(measured(i), mask, step);
            QVERIFY(depth);
            if (i == 3)
                QVERIFY(second.restoreState(whole.saveState()));
            if (i > 3) {
                const auto again = second.add(measured(i), mask, step);
                QVERIFY(again);
                QVERIFY(*again == *depth);
            }
        }
        QVERIFY(!second.restoreState({}));
    }

    void brokenNumbersDoNotSpread() {
        DepthAligner aligner(sceneSize);
        auto broken = measured(0);
        broken.at(3, 3) = std::nanf("");
        broken.at(4, 3) = INFINITY;
        QVERIFY(aligner.add(broken, {}, {}));
        const auto depth = aligner.add(measured(1), {}, {});
        QVERIFY(depth);
        QVERIFY(std::isfinite(aligner.lastScale()));
        QVERIFY(!aligner.add(ImageF(3, 3, 1), {}, {}));
    }
};

QTEST_GUILESS_MAIN(TestDepthAlignment)
#include "test_depth_alignment.moc"
