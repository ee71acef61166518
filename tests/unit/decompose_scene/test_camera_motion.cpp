// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/camera_motion.h"

#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::test;

namespace {

struct Shot {
    cv::Mat world = wallpaper(700, 500);

    double x(int i) const { return 100 + 2.3 * i; }
    double y(int i) const { return 120 + 12 * std::sin(0.2 * i); }
    double angle(int i) const { return 0.002 * i; }
    ImageU8 frame(int i) const { return colorImage(look(world, x(i), y(i), angle(i))); }
    /// Where a pixel of frame i lies in the world.
    PointD place(int i, PointD p) const {
        const double c = std::cos(angle(i)), s = std::sin(angle(i));
        return {c * p.x - s * p.y + x(i), s * p.x + c * p.y + y(i)};
    }
};

} // namespace

class TestCameraMotion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPanIsFollowedWithoutDrift() {
        const Shot shot;
        CameraTracker tracker(sceneSize);
        CameraPath path;
        for (int i = 0; i < 40; ++i) {
            const auto step = tracker.add(shot.frame(i), {});
            QVERIFY(step);
            QVERIFY(!step->isCut);
            path.append(*step);
        }
        const auto map = path.between(39, 0);
        for (const PointD corner : {PointD{20, 20}, PointD{220, 20}, PointD{120, 140}}) {
            const auto seen = shot.place(0, map.apply(corner));
            const auto truth = shot.place(39, corner);
            const double error = std::hypot(seen.x - truth.x, seen.y - truth.y);
            QVERIFY2(error < 1.0, qPrintable(QString("%1 pixels").arg(error)));
        }
        const auto round = path.between(39, 5).then(path.between(5, 39));
        QVERIFY(largestShift(round, sceneSize) < 1e-6);
    }

    void aStandingCameraIsExactlyStill() {
        const Shot shot;
        CameraTracker tracker(sceneSize);
        cv::RNG random(3);
        for (int i = 0; i < 12; ++i) {
            cv::Mat rgb = look(shot.world, 100, 100);
            cv::Mat noise(rgb.size(), CV_8UC3);
            random.fill(noise, cv::RNG::UNIFORM, 0, 12);
            rgb += noise;
            const auto step = tracker.add(colorImage(rgb), {});
            QVERIFY(step);
            QVERIFY(step->toPrevious.isIdentity());
            QVERIFY(step->confidence > 0.5f);
        }
    }

    void aMovingPersonIsNotTheCamera() {
        const Shot shot;
        CameraTracker tracker(sceneSize);
        for (int i = 0; i < 10; ++i) {
            cv::Mat rgb = look(shot.world, 100, 100);
            cv::Mat mask = cv::Mat::zeros(rgb.size(), CV_8U);
            const cv::Rect block(10 + 9 * i, 20, 120, 130);
            look(shot.world, 300, 250)(cv::Rect(0, 0, 120, 130)).copyTo(rgb(block));
            mask(block).setTo(255);
            const auto step = tracker.add(colorImage(rgb), maskImage(mask));
            QVERIFY(step);
            QVERIFY(step->toPrevious.isIdentity());
        }
    }

    void aCutStartsANewShot() {
        const Shot shot;
        cv::Mat other = wallpaper(700, 500);
        cv::flip(other, other, -1);
        other = other * 0.4;
        CameraTracker tracker(sceneSize);
        for (int i = 0; i < 8; ++i) {
            const auto frame = i < 5 ? shot.frame(i) : colorImage(look(other, 200 + 2 * i, 150));
            const auto step = tracker.add(frame, {});
            QVERIFY(step);
            QCOMPARE(step->isCut, i == 5);
        }
    }

    void aPictureWithoutTextureGivesNoConfidence() {
        CameraTracker tracker(sceneSize);
        const ImageU8 gray(sceneSize.width, sceneSize.height, 3, 128);
        QVERIFY(tracker.add(gray, {}));
        const auto step = tracker.add(gray, {});
        QVERIFY(step);
        QVERIFY(step->toPrevious.isIdentity());
        QVERIFY(step->confidence < 0.2f);
        QVERIFY(!step->isCut);
    }

    void aRestoredTrackerGoesOnBitByBit() {
        const Shot shot;
        CameraTracker whole(sceneSize);
        CameraTracker second(sceneSize);
        for (int i = 0; i < 20; ++i) {
            const auto step = whole.add(shot.frame(i), {});
            QVERIFY(step);
            if (i == 9)
                QVERIFY(second.restoreState(whole.saveState()));
            if (i > 9) {
                const auto again = second.add(shot.frame(i), {});
                QVERIFY(again);
                QVERIFY(*step == *again);
            }
        }
        CameraTracker other(Size{64, 64});
        QVERIFY(!other.restoreState(whole.saveState()));
        QVERIFY(!other.restoreState({}));
    }

    void thePathSurvivesPacking() {
        CameraPath path({CameraStep{},
                         CameraStep{{{1, 0.01, 3, 0, 1.02, -2, 1e-5, 0, 1}}, 0.5f, false},
                         CameraStep{{}, 0.f, true}});
        const auto again = CameraPath::unpack(path.pack(), "camera.npz");
        QVERIFY(again);
        QCOMPARE(again->frameCount(), 3);
        for (int i = 0; i < 3; ++i)
            QVERIFY(again->step(i) == path.step(i));
        QVERIFY(again->sameShot(0, 1));
        QVERIFY(!again->sameShot(1, 2));
        auto broken = path.pack();
        broken["to_previous"] = Array::of({3, 3, 3}, std::vector<double>(27, 0.0));
        QVERIFY(!CameraPath::unpack(broken, "camera.npz"));
    }

    void aFrameOfAnotherSizeIsRefused() {
        CameraTracker tracker(sceneSize);
        QVERIFY(!tracker.add(ImageU8(10, 10, 3), {}));
        QVERIFY(!tracker.add(ImageU8(), {}));
    }
};

QTEST_GUILESS_MAIN(TestCameraMotion)
#include "test_camera_motion.moc"
