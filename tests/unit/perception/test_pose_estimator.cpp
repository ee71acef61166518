// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/pose_estimator.h"

#include "engine/perception/person_detector.h"
#include "engine/perception/pose_landmarks.h"
#include "perception_support.h"

#include <QTest>

#include <cmath>

using namespace strata;
namespace fs = std::filesystem;

class TestPoseEstimator : public QObject {
    Q_OBJECT
    const fs::path m_detector = test::modelFile("blazepose/pose_detection.tflite");
    const fs::path m_model = test::modelFile("blazepose/pose_landmark_heavy.tflite");
    const fs::path m_person = test::dataFile("image/mimicmotion_demo1.jpg");

    Result<PoseEstimator::Output> poseOf(const ImageU8& picture, float tilt = 0) {
        STRATA_ASSIGN(auto detector, PersonDetector::load(m_detector));
        STRATA_ASSIGN(auto estimator, PoseEstimator::load(m_model));
        STRATA_ASSIGN(const auto found, detector.detect(picture));
        if (found.empty())
            return Error{ErrorCode::NothingToDo, "Nobody."};
        auto region = found.front().region;
        region.angle += tilt;
        return estimator.estimate(picture, region);
    }

private Q_SLOTS:
    void aSureHeatmapMovesALandmarkToItsMiddle() {
        std::vector<float> heatmap(64 * 64 * 39, -50.f);
        const auto set = [&](int x, int y, int k, float logit) {
            heatmap[std::size_t((y * 64 + x) * 39 + k)] = logit;
        };
        set(20, 10, 3, 50.f);
        set(22, 10, 3, 50.f);
        set(30, 30, 4, -1.f); // not sure enough
        PosePoints points{};
        points[3] = {84.f, 41.f, 7.f};
        points[4] = {121.f, 121.f, 0.f};
        points[5] = {-3.f, 500.f, 0.f}; // outside
        refineByHeatmap(points, heatmap);
        QVERIFY(std::abs(points[3].x - 84.f) < 1e-3f && std::abs(points[3].y - 40.f) < 1e-3f);
        QCOMPARE(points[3].z, 7.f);
        QCOMPARE(points[4].x, 121.f);
        QCOMPARE(points[5].y, 500.f);
    }

    // A region turned by a right angle: up in the crop is right in the frame.
    void landmarksAreTurnedBackIntoTheFrame() {
        std::vector<float> landmarks(39 * 5, 128.f), world(39 * 3), heatmap(64 * 64 * 39, -50.f);
        landmarks[0] = 128; // landmark 0: straight above the middle by 64 pixels of the crop
        landmarks[1] = 64;
        landmarks[2] = -32;
        world[1] = -1; // a metre up
        const PoseRegion region{{500, 300}, 512, 1.5707963f};
        const auto pose = decodePose(landmarks, heatmap, world, region);
        QVERIFY(std::abs(pose.landmarks[0].x - 628) < 1e-2f);
        QVERIFY(std::abs(pose.landmarks[0].y - 300) < 1e-2f);
        QVERIFY(std::abs(pose.landmarks[0].z + 64) < 1e-2f);
        QVERIFY(std::abs(pose.world[0].x - 1) < 1e-5f && std::abs(pose.world[0].y) < 1e-5f);
    }

    void aStandingPersonIsInOrder() {
        NEEDS_FILE(m_detector);
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        const auto picture = test::readPicture(m_person);
        const auto output = poseOf(picture);
        QVERIFY2(output, output ? "" : output.error().message.c_str());
        const auto& pose = output->pose;
        QVERIFY(pose.score > 0.9f);
        for (const auto& point : pose.landmarks) {
            QVERIFY(point.x > 0 && point.x < float(picture.width()));
            QVERIFY(point.y > 0 && point.y < float(picture.height()));
        }
        const auto y = [&](int k) { return pose.landmarks[std::size_t(k)].y; };
        for (const int side : {0, 1}) { // nose above shoulder above hip above knee above ankle
            QVERIFY(y(0) < y(11 + side) && y(11 + side) < y(23 + side));
            QVERIFY(y(23 + side) < y(25 + side) && y(25 + side) < y(27 + side));
        }
        QVERIFY(pose.landmarks[11].x >
                pose.landmarks[12].x); // she faces us: her left is on the right
        QVERIFY(pose.visibility[11] > 0.9f && pose.presence[11] > 0.9f);
        // Her shoulders are wider than 20 cm and narrower than 60, her knees under her hips.
        const float shoulders = pose.world[11].x - pose.world[12].x;
        QVERIFY(shoulders > 0.2f && shoulders < 0.6f);
        QVERIFY(pose.world[25].y > 0.2f);
        // The next look finds the same place.
        QVERIFY(std::abs(pose.nextRegion.center.x - output->region.center.x) <
                0.1f * output->region.side);
        QVERIFY(std::abs(pose.nextRegion.side / output->region.side - 1) < 0.25f);
    }

    void theMaskCoversTheBodyAndNotTheCorner() {
        NEEDS_FILE(m_detector);
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        const auto picture = test::readPicture(m_person);
        const auto output = poseOf(picture);
        QVERIFY(output);
        const auto mask = regionMaskToFrame(output->mask, output->region, picture.size());
        QCOMPARE(mask.size(), picture.size());
        const auto& hip = output->pose.landmarks[23];
        const auto& shoulder = output->pose.landmarks[11];
        QVERIFY(mask.at(int(hip.x), int(hip.y)) > 0.9f);
        QVERIFY(mask.at(int((hip.x + shoulder.x) / 2), int((hip.y + shoulder.y) / 2)) > 0.9f);
        QVERIFY(mask.at(5, 5) < 0.1f);
    }

    // The network sees another picture when the region is tilted; landmarks must stay where they
    // are.
    void aTiltedRegionGivesTheSameLandmarks() {
        NEEDS_FILE(m_detector);
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        const auto picture = test::readPicture(m_person);
        const auto straight = poseOf(picture), tilted = poseOf(picture, 0.2f);
        QVERIFY(straight && tilted);
        for (const std::size_t k : {11, 12, 23, 24, 25, 26, 27, 28}) {
            const auto apart = straight->pose.landmarks[k] - tilted->pose.landmarks[k];
            QVERIFY2(std::hypot(apart.x, apart.y) < 0.03f * straight->region.side,
                     qPrintable(QString::number(k)));
        }
    }

    void impossibleRegionsAreRefused() {
        NEEDS_FILE(m_model);
        auto estimator = PoseEstimator::load(m_model);
        QVERIFY(estimator);
        const ImageU8 picture(64, 64, 3);
        QVERIFY(!estimator->estimate(picture, {{0, 0}, 0, 0}));
        QVERIFY(!estimator->estimate(picture, {{NAN, 0}, 10, 0}));
        QVERIFY(!estimator->estimate(picture, {{0, 0}, 10, INFINITY}));
        QVERIFY(estimator->estimate(picture, {{-500, -500}, 10, 0})); // outside: all black
    }
};

QTEST_GUILESS_MAIN(TestPoseEstimator)
#include "test_pose_estimator.moc"
