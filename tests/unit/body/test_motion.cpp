// SPDX-License-Identifier: Apache-2.0
#include "engine/body/motion.h"
#include "engine/body/motion_filter.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace strata;

namespace {

Motion swing(int frames, Rational fps) {
    Motion motion;
    motion.fps = fps;
    motion.betas = {0.1f, -0.4f, 0.9f};
    motion.betasOf = "strata";
    for (int t = 0; t < frames; ++t) {
        BodyPose pose;
        const float phase = float(t) * 0.1f;
        pose.rotations[0] = {0.2f, 1.5f + 0.3f * std::sin(phase), -0.1f};
        pose.rotations[16] = {0.1f, 0.4f * std::cos(phase), -1.f};
        pose.rotations[22] = {0.f, 0.2f, 0.f};
        pose.translation = {0.05f * phase, 0.01f * std::sin(phase), 1.f};
        motion.frames.push_back(pose);
    }
    return motion;
}

float rotationDifference(const glm::vec3& a, const glm::vec3& b) {
    return glm::length(axisAngleOf(glm::transpose(rotationOf(a)) * rotationOf(b)));
}

} // namespace

class TestMotion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void amassKeepsAWorldMotion();
    void amassKeepsCamerasAndConfidence();
    void aRealAmassFileStandsUpright();
    void truncatedAndForeignFilesAreRefused();
    void resamplingHitsTheSameInstants();
    void smoothingCalmsAJitterAndKeepsAConstant();
    void aStandingFootTouchesAndALiftedOneDoesNot();

private:
    QTemporaryDir m_folder;
    std::filesystem::path file(const char* name) const {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
};

void TestMotion::amassKeepsAWorldMotion() {
    const Motion motion = swing(40, {30000, 1001});
    QVERIFY(writeAmass(file("a.npz"), motion));
    const auto back = readAmass(file("a.npz"));
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(back->fps, motion.fps);
    QCOMPARE(back->betas, motion.betas);
    QCOMPARE(back->betasOf, motion.betasOf);
    QCOMPARE(back->frames.size(), motion.frames.size());
    for (std::size_t t = 0; t < motion.frames.size(); ++t) {
        for (int j = 0; j < kBodyJoints; ++j)
            QVERIFY(rotationDifference(back->frames[t].rotations[j],
                                       motion.frames[t].rotations[j]) < 1e-5f);
        QVERIFY(glm::distance(back->frames[t].translation, motion.frames[t].translation) < 1e-5f);
    }
}

void TestMotion::amassKeepsCamerasAndConfidence() {
    Motion motion = swing(3, Rational(24));
    for (int t = 0; t < 3; ++t) {
        Camera camera;
        camera.size = {1280, 720};
        camera.fx = camera.fy = 1500.f + float(t);
        camera.cx = 640;
        camera.cy = 360;
        camera.rotation = rotationOf({3.14159265f, 0.f, 0.01f * float(t)});
        camera.translation = {0.1f, 0.2f, 0.3f * float(t)};
        motion.cameras.push_back(camera);
        motion.confidence.push_back(0.5f * float(t));
    }
    QVERIFY(writeAmass(file("b.npz"), motion));
    const auto back = readAmass(file("b.npz"));
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(back->confidence, motion.confidence);
    QCOMPARE(back->cameras.size(), std::size_t(3));
    const glm::vec3 point(0.2f, 1.f, -4.f);
    for (int t = 0; t < 3; ++t) {
        QCOMPARE(back->cameras[t].size, motion.cameras[t].size);
        QVERIFY(glm::distance(back->cameras[t].project(point), motion.cameras[t].project(point)) <
                1e-3f);
        QCOMPARE(back->frames[t].rotations[0], motion.frames[t].rotations[0]);
    }
}

void TestMotion::aRealAmassFileStandsUpright() {
    const std::filesystem::path sample = std::filesystem::path(STRATA_SOURCE_DIR) /
                                         "../shared/data/motion/smpl_samples/amass_sample.npz";
    if (!std::filesystem::exists(sample))
        QSKIP("the development data is not here");
    const auto motion = readAmass(sample);
    QVERIFY2(motion, motion ? "" : motion.error().message.c_str());
    const auto body =
        loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
    QVERIFY(body);
    const ShapedBody shaped(*body, {});
    std::array<glm::vec3, kBodyJoints> joints;
    double up = 0;
    for (const BodyPose& pose : motion->frames) {
        shaped.pose(pose, {}, joints);
        up += glm::normalize(joints[15] - joints[0]).y;
    }
    QVERIFY(up / double(motion->frames.size()) > 0.8);
}

void TestMotion::truncatedAndForeignFilesAreRefused() {
    QVERIFY(writeAmass(file("whole.npz"), swing(20, Rational(30))));
    QFile whole(QString::fromStdString(file("whole.npz").string()));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const QByteArray bytes = whole.readAll();
    for (const int keep : {0, 10, int(bytes.size() / 2), int(bytes.size() - 5)}) {
        QFile part(QString::fromStdString(file("part.npz").string()));
        QVERIFY(part.open(QIODevice::WriteOnly | QIODevice::Truncate));
        part.write(bytes.left(keep));
        part.close();
        const auto motion = readAmass(file("part.npz"));
        QVERIFY(!motion);
        QVERIFY(!motion.error().message.empty());
    }
    BodyModel model;
    QVERIFY(!readMotion(file("clip.txt"), model));
    QVERIFY(!readMotion(m_folder.path().toStdString() + "/none", model));
}

void TestMotion::resamplingHitsTheSameInstants() {
    const Motion motion = swing(61, Rational(60));
    const Motion half = resampled(motion, Rational(30));
    QCOMPARE(half.frames.size(), std::size_t(31));
    for (std::size_t t = 0; t < half.frames.size(); ++t)
        QVERIFY(rotationDifference(half.frames[t].rotations[16],
                                   motion.frames[2 * t].rotations[16]) < 1e-5f);
    const Motion dense = resampled(half, Rational(60));
    QCOMPARE(dense.frames.size(), std::size_t(61));
    for (std::size_t t = 0; t < dense.frames.size(); ++t)
        QVERIFY(rotationDifference(dense.frames[t].rotations[16], motion.frames[t].rotations[16]) <
                0.01f);
}

void TestMotion::smoothingCalmsAJitterAndKeepsAConstant() {
    Motion motion = swing(60, Rational(30));
    for (std::size_t t = 0; t < motion.frames.size(); ++t)
        motion.frames[t].rotations[4] = {t % 2 == 0 ? 0.5f : 0.7f, 0.f, 0.f};
    const Motion calm = smoothed(motion, 0.1);
    for (std::size_t t = 12; t + 12 < calm.frames.size(); ++t)
        QVERIFY(std::abs(calm.frames[t].rotations[4].x - 0.6f) < 0.01f);
    QVERIFY(rotationDifference(calm.frames[30].rotations[22], motion.frames[30].rotations[22]) <
            1e-5f);
}

void TestMotion::aStandingFootTouchesAndALiftedOneDoesNot() {
    const auto body =
        loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
    QVERIFY(body);
    Motion motion;
    motion.fps = Rational(30);
    for (int t = 0; t < 30; ++t) {
        BodyPose pose;
        const float lift = t < 5 ? 0.f : 1.2f; // the right knee comes up after five frames
        pose.rotations[2] = {-lift, 0.f, 0.f};
        pose.rotations[5] = {lift, 0.f, 0.f};
        motion.frames.push_back(pose);
    }
    const auto contacts = footContacts(motion, ShapedBody(*body, {}));
    QVERIFY(contacts[20].touching[0] && contacts[20].touching[1]);
    QVERIFY(!contacts[20].touching[2] && !contacts[20].touching[3]);
}

QTEST_GUILESS_MAIN(TestMotion)
#include "test_motion.moc"
