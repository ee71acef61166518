// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/plate.h"

#include "tests/unit/decompose_scene/synthetic_scene.h"

#include <QTest>

#include <cmath>

using namespace strata;
using namespace strata::test;

namespace {

constexpr int frames = 60;

/// A person walks through a textured scene; the camera pans or stands.
struct Walk {
    explicit Walk(double pan)
        : panned(pan) {
        std::vector<CameraStep> steps(frames);
        for (int i = 1; i < frames; ++i)
            steps[std::size_t(i)].toPrevious.m[2] = panned;
        camera = CameraPath(steps);
    }

    double panned;
    cv::Mat world = wallpaper(700, 300);
    CameraPath camera;
    cv::Mat scene(std::int64_t i) const { return look(world, 60 + panned * double(i), 60); }
    int personX(std::int64_t i) const { return 20 + int(3 * i); }
    MadeFrames<std::uint8_t> rgb{frames, sceneSize, [this](std::int64_t i) {
                                     cv::Mat rgb = scene(i);
                                     drawPerson(rgb, personX(i), 40);
                                     return colorImage(rgb);
                                 }};
    MadeFrames<std::uint8_t> people{frames, sceneSize, [this](std::int64_t i) {
                                        cv::Mat rgb = scene(i);
                                        return maskImage(drawPerson(rgb, personX(i), 40));
                                    }};
};

double psnrInside(const cv::Mat& a, const cv::Mat& b, const cv::Mat& mask) {
    cv::Mat apart;
    cv::absdiff(a, b, apart);
    apart.setTo(0, mask == 0);
    const double squares = cv::norm(apart, cv::NORM_L2SQR);
    return 10 * std::log10(255.0 * 255 * 3 * cv::countNonZero(mask) / std::max(squares, 1e-9));
}

double worstPlate(Walk& walk) {
    auto builder = PlateBuilder::create({&walk.rgb, &walk.people, nullptr, &walk.camera, {}});
    double worst = 99;
    for (int i = 0; i < frames && builder; ++i) {
        const auto plate = builder->next(i, {});
        const auto mask = walk.people.frame(i);
        if (!plate || !mask)
            return 0;
        worst = std::min(worst, psnrInside(view(*plate), walk.scene(i), view(**mask)));
    }
    return builder ? worst : 0;
}

} // namespace

class TestPlate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void behindAWalkerAStandingCameraFindsTheScene() {
        Walk walk(0);
        const double worst = worstPlate(walk);
        QVERIFY2(worst > 36, qPrintable(QString("%1 dB").arg(worst)));
    }

    void behindAWalkerAPanningCameraFindsTheScene() {
        Walk walk(1.25);
        const double worst = worstPlate(walk);
        QVERIFY2(worst > 28, qPrintable(QString("%1 dB").arg(worst)));
    }

    void awayFromThePersonThePlateIsTheSource() {
        Walk walk(1.25);
        auto builder = PlateBuilder::create({&walk.rgb, &walk.people, nullptr, &walk.camera, {}});
        QVERIFY(builder);
        for (int i = 0; i < 30; ++i) {
            const auto plate = builder->next(i, {});
            QVERIFY(plate);
            cv::Mat near, apart;
            cv::dilate(view(**walk.people.frame(i)), near, cv::Mat::ones(17, 17, CV_8U));
            cv::absdiff(view(*plate), view(**walk.rgb.frame(i)), apart);
            apart.setTo(0, near);
            QCOMPARE(cv::norm(apart, cv::NORM_INF), 0.0);
        }
    }

    void whatNoFrameShowsIsInventedOnceAndStays() {
        Walk walk(0);
        MadeFrames<std::uint8_t> still(frames, sceneSize, [&](std::int64_t) {
            cv::Mat rgb = walk.scene(0);
            drawPerson(rgb, 100, 40);
            return colorImage(rgb);
        });
        MadeFrames<std::uint8_t> mask(frames, sceneSize, [&](std::int64_t) {
            cv::Mat rgb = walk.scene(0);
            return maskImage(drawPerson(rgb, 100, 40));
        });
        int calls = 0;
        auto builder =
            PlateBuilder::create({&still, &mask, nullptr, &walk.camera,
                                  [&](const ImageU8& rgb, const ImageU8& hole) -> Result<ImageU8> {
                                      ++calls;
                                      ImageU8 filled = rgb;
                                      view(filled).setTo(cv::Scalar(200, 10, 10), view(hole) > 127);
                                      return filled;
                                  }});
        QVERIFY(builder);
        ImageU8 first;
        for (int i = 0; i < frames; ++i) {
            const auto plate = builder->next(i, {});
            QVERIFY(plate);
            if (i == 0)
                first = *plate;
            cv::Mat apart;
            cv::absdiff(view(*plate), view(first), apart);
            QVERIFY(cv::norm(apart, cv::NORM_INF) <= 2);
        }
        QCOMPARE(calls, 1);
    }

    void whatAMatteMissedGivesNoBackgroundWhereTheBodyIsExpected() {
        // Somebody stands still; every other sample's matte lacks a piece of the dark trousers.
        Walk walk(0);
        const cv::Rect piece(104, 100, 16, 20);
        const auto standing = [&](cv::Mat& rgb) {
            rgb = walk.scene(0);
            return drawPerson(rgb, 100, 40);
        };
        cv::Mat scratch;
        const auto body = maskImage(standing(scratch));
        MadeFrames<std::uint8_t> rgb(frames, sceneSize,
                                     [&](std::int64_t) { return colorImage(scratch); });
        MadeFrames<std::uint8_t> whole(frames, sceneSize, [&](std::int64_t) { return body; });
        MadeFrames<std::uint8_t> holed(frames, sceneSize, [&](std::int64_t i) {
            ImageU8 mask = body;
            if (i / 6 % 2)
                view(mask)(piece).setTo(0);
            return mask;
        });
        double brightness[2];
        for (int with = 0; with < 2; ++with) {
            PlateInputs inputs{&rgb, &holed, nullptr, &walk.camera, {}};
            inputs.silhouette = with ? &whole : nullptr;
            auto builder = PlateBuilder::create(inputs);
            QVERIFY(builder);
            const auto plate = builder->next(0, {});
            QVERIFY(plate);
            brightness[with] = cv::mean(view(*plate)(cv::Rect(108, 105, 8, 10)))[0];
        }
        QVERIFY2(brightness[0] < 50 && brightness[1] > 70,
                 qPrintable(QString("%1 without, %2 with").arg(brightness[0]).arg(brightness[1])));
    }

    void aRestoredBuilderGoesOnBitByBit() {
        Walk walk(1.25);
        const PlateInputs inputs{&walk.rgb, &walk.people, nullptr, &walk.camera, {}};
        auto whole = PlateBuilder::create(inputs);
        auto second = PlateBuilder::create(inputs);
        QVERIFY(whole && second);
        for (int i = 0; i < 40; ++i) {
            const auto plate = whole->next(i, {});
            QVERIFY(plate);
            if (i == 17)
                QVERIFY(second->restoreState(whole->saveState()));
            if (i > 17) {
                const auto again = second->next(i, {});
                QVERIFY(again);
                QVERIFY(*again == *plate);
            }
        }
        QVERIFY(!second->restoreState({}));
    }

    void aStopIsObeyed() {
        Walk walk(0);
        auto builder = PlateBuilder::create({&walk.rgb, &walk.people, nullptr, &walk.camera, {}});
        QVERIFY(builder);
        std::stop_source stop;
        stop.request_stop();
        const auto plate = builder->next(0, {stop.get_token(), {}});
        QVERIFY(!plate);
        QCOMPARE(plate.error().code, ErrorCode::Cancelled);
    }

    void oneFrameIsEnough() {
        Walk walk(0);
        MadeFrames<std::uint8_t> rgb(1, sceneSize,
                                     [&](std::int64_t) { return **walk.rgb.frame(5); });
        MadeFrames<std::uint8_t> mask(1, sceneSize,
                                      [&](std::int64_t) { return **walk.people.frame(5); });
        const CameraPath camera({CameraStep{}});
        auto builder = PlateBuilder::create({&rgb, &mask, nullptr, &camera, {}});
        QVERIFY(builder);
        QVERIFY(builder->next(0, {}));
        QVERIFY(!builder->next(1, {}));
        QVERIFY(!PlateBuilder::create({&rgb, &mask, nullptr, &walk.camera, {}}));
        QVERIFY(!PlateBuilder::create({}));
    }
};

QTEST_GUILESS_MAIN(TestPlate)
#include "test_plate.moc"
