// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/person_detector.h"

#include "engine/perception/detection_boxes.h"
#include "perception_support.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace strata;
namespace fs = std::filesystem;

class TestPersonDetector : public QObject {
    Q_OBJECT
    const fs::path m_model = test::modelFile("blazepose/pose_detection.tflite");
    const fs::path m_person = test::dataFile("image/mimicmotion_demo1.jpg");

private Q_SLOTS:
    void thereIsAnAnchorForEachBoxOfTheNetwork() {
        const auto anchors = detectorAnchors();
        QCOMPARE(std::int64_t(anchors.size()), kDetectorAnchors);
        QCOMPARE(anchors[0].x, 0.5f / 28);
        QCOMPARE(anchors[2].x, 1.5f / 28); // two anchors a cell, columns first
        QCOMPARE(anchors[1568].x, 0.5f / 14);
        QCOMPARE(anchors[1568 + 392 + 5].y, 0.5f / 7);
        QCOMPARE(anchors[1568 + 392 + 6].x, 1.5f / 7);
    }

    void aBoxIsReadRelativeToItsAnchor() {
        const std::vector<glm::vec2> anchors{{0.5f, 0.25f}};
        const std::vector<float> raw{22.4f, 0, 44.8f, 22.4f, 0, 112, 0, 56, 0, 0, 0, 0};
        const auto found = decodeBoxes(raw, std::vector<float>{2.f}, anchors, 0.5f);
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY(std::abs(found[0].score - 0.880797f) < 1e-5f);
        QVERIFY(std::abs(found[0].box.x0 - 0.5f) < 1e-5f);
        QVERIFY(std::abs(found[0].box.x1 - 0.7f) < 1e-5f);
        QVERIFY(std::abs(found[0].box.y1 - 0.3f) < 1e-5f);
        QVERIFY(std::abs(found[0].keypoints[0].y - 0.75f) < 1e-5f);
        QVERIFY(decodeBoxes(raw, std::vector<float>{-0.1f}, anchors, 0.5f).empty());
        QVERIFY(decodeBoxes(raw, std::vector<float>{NAN}, anchors, 0.5f).empty());
    }

    void overlappingBoxesAreAveragedByTheirScores() {
        PersonDetection a, b, apart;
        a.box = {0, 0, 10, 10};
        a.score = 0.9f;
        b.box = {3, 0, 13, 10};
        b.score = 0.6f;
        apart.box = {50, 50, 60, 60};
        apart.score = 0.7f;
        const auto joined = joinOverlapping({b, apart, a}, 0.3f);
        QCOMPARE(joined.size(), std::size_t(2));
        QCOMPARE(joined[0].score, 0.9f);
        QVERIFY(std::abs(joined[0].box.x0 - 1.2f) < 1e-5f);
        QCOMPARE(joined[1].score, 0.7f);
    }

    // Upright: the circle's point above the hip; the region is turned with the body, clockwise
    // positive.
    void theRegionFollowsHipAndCircle() {
        PersonDetection upright;
        upright.keypoints[0] = {0.5f, 0.5f};
        upright.keypoints[1] = {0.5f, 0.25f};
        placeInFrame(upright, {100, 0}, 400);
        QVERIFY(std::abs(upright.region.angle) < 1e-5f);
        QVERIFY(std::abs(upright.region.side - 250) < 1e-3f);
        QVERIFY(std::abs(upright.region.center.x - 300) < 1e-3f);
        PersonDetection right;
        right.keypoints[0] = {0.5f, 0.5f};
        right.keypoints[1] = {0.75f, 0.5f};
        placeInFrame(right, {0, 0}, 400);
        QVERIFY(std::abs(right.region.angle - 1.5707963f) < 1e-5f);
    }

    void thePersonInAPictureIsFound() {
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        const auto picture = test::readPicture(m_person);
        auto detector = PersonDetector::load(m_model);
        QVERIFY(detector);
        const auto found = detector->detect(picture);
        QVERIFY(found);
        QCOMPARE(found->size(), std::size_t(1));
        const auto& person = found->front();
        QVERIFY(person.score > 0.8f);
        QVERIFY(person.box.x0 > 0 && person.box.x1 < float(picture.width()));
        QVERIFY(person.box.y1 < float(picture.height()) / 2); // a face, in the upper half
        QVERIFY(std::abs(person.region.angle) < 0.3f);
        QVERIFY(person.region.center.y > person.box.y1);
        const auto tiled = detector->detectTiled(picture);
        QVERIFY(tiled && !tiled->empty());
    }

    void aSmallPersonNeedsTiles() {
        NEEDS_FILE(m_model);
        NEEDS_FILE(m_person);
        const auto person = test::readPicture(m_person);
        cv::Mat small, canvas(720, 1280, CV_8UC3, cv::Scalar(120, 130, 110));
        cv::resize(cv::Mat(person.height(), person.width(), CV_8UC3,
                           const_cast<std::uint8_t*>(person.data())),
                   small, cv::Size(67, 120), 0, 0, cv::INTER_AREA);
        small.copyTo(canvas(cv::Rect(300, 420, 67, 120)));
        ImageU8 picture(1280, 720, 3);
        std::memcpy(picture.data(), canvas.data, picture.bytes());
        auto detector = PersonDetector::load(m_model);
        QVERIFY(detector);
        const auto tiled = detector->detectTiled(picture);
        QVERIFY(tiled);
        QVERIFY(!tiled->empty());
        const auto& region = tiled->front().region;
        QVERIFY(std::abs(region.center.x - 333) < 40 && std::abs(region.center.y - 480) < 40);
    }

    void anEmptySceneHasNobody() {
        NEEDS_FILE(m_model);
        auto detector = PersonDetector::load(m_model);
        QVERIFY(detector);
        const auto found = detector->detect(ImageU8(853, 481, 3, 128));
        QVERIFY(found && found->empty());
        QVERIFY(!detector->detect(ImageU8(8, 8, 1)));
        QVERIFY(detector->detectTiled(ImageU8(1, 1, 3)));
        QVERIFY(detector->detect(ImageU8(3000, 2, 3)));
    }

    void damagedAndWrongModelsAreNamed() {
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "pose_detection.tflite";
        std::ofstream(file) << "this is no graph";
        const auto damaged = PersonDetector::load(file);
        QVERIFY(!damaged);
        QVERIFY(damaged.error().message.find("pose_detection.tflite") != std::string::npos);
        QVERIFY(!PersonDetector::load("/nonexistent/pose_detection.tflite"));
        const auto other = test::modelFile("blazepose/pose_landmark_heavy.tflite");
        NEEDS_FILE(other);
        const auto wrong = PersonDetector::load(other);
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, ErrorCode::BadFormat);
    }
};

QTEST_GUILESS_MAIN(TestPersonDetector)
#include "test_person_detector.moc"
