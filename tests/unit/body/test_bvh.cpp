// SPDX-License-Identifier: Apache-2.0
#include "engine/body/bvh.h"
#include "engine/body/retarget.h"
#include "engine/core/atomic_file.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace strata;

namespace {

const char* const kTwoBones = R"(HIERARCHY
ROOT Hips
{
  OFFSET 0 1 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT Knee
  {
    OFFSET 0 2 0
    CHANNELS 3 Zrotation Yrotation Xrotation
    End Site
    {
      OFFSET 0 3 0
    }
  }
}
MOTION
Frames: 2
Frame Time: .5
1 2 3 90 0 0 0 0 0
0 0 0 0 0 0 0 0 90
)";

const std::filesystem::path kMotionData =
    std::filesystem::path(STRATA_SOURCE_DIR) / "../shared/data/motion";

float degrees(const glm::vec3& a, const glm::vec3& b) {
    const float cosine = glm::dot(glm::normalize(a), glm::normalize(b));
    return std::acos(std::clamp(cosine, -1.f, 1.f)) * 57.29578f;
}

} // namespace

class TestBvh : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anglesAndOffsetsGivePositions();
    void hostileTextIsRefused_data();
    void hostileTextIsRefused();
    void everyTruncationIsRefusedOrComplete();
    void realSkeletonsRetarget_data();
    void realSkeletonsRetarget();
};

void TestBvh::anglesAndOffsetsGivePositions() {
    const auto file = parseBvh(kTwoBones);
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QCOMPARE(file->joints.size(), std::size_t(3));
    QCOMPARE(file->frameCount, std::int64_t(2));
    const BvhFramePose first = bvhFrame(*file, 0);
    QVERIFY(glm::distance(first.positions[0], glm::vec3(1, 2, 3)) < 1e-5f);
    // A quarter turn about z takes +y to -x.
    QVERIFY(glm::distance(first.positions[2], glm::vec3(-4, 2, 3)) < 1e-5f);
    const BvhFramePose second = bvhFrame(*file, 1);
    QVERIFY(glm::distance(second.positions[2], glm::vec3(0, 2, 3)) < 1e-5f);
}

void TestBvh::hostileTextIsRefused_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("too many frames for the text") << "Frames: 2"
                                                  << "Frames: 3999999";
    QTest::newRow("negative frames") << "Frames: 2"
                                     << "Frames: -2";
    QTest::newRow("huge frames") << "Frames: 2"
                                 << "Frames: 1e300";
    QTest::newRow("not a number") << "1 2 3 90"
                                  << "1 2 nan 90";
    QTest::newRow("a word") << "1 2 3 90"
                            << "1 2 three 90";
    QTest::newRow("zero frame time") << "Time: .5"
                                     << "Time: 0";
    QTest::newRow("unknown channel") << "Zrotation Yrotation Xrotation\n  JOINT"
                                     << "Wrotation Yrotation Xrotation\n  JOINT";
    QTest::newRow("channel count") << "CHANNELS 6"
                                   << "CHANNELS 4000000000";
    QTest::newRow("missing brace") << "}\nMOTION"
                                   << "MOTION";
    QTest::newRow("second root") << "MOTION"
                                 << "ROOT X { OFFSET 0 0 0 } MOTION";
}

void TestBvh::hostileTextIsRefused() {
    QFETCH(const QString, from);
    QFETCH(const QString, to);
    QString text = kTwoBones;
    QVERIFY(text.contains(from));
    text.replace(text.indexOf(from), from.size(), to);
    const auto file = parseBvh(text.toStdString());
    QVERIFY(!file);
    QVERIFY(file.error().message.ends_with('.'));
}

void TestBvh::everyTruncationIsRefusedOrComplete() {
    const std::string text = kTwoBones;
    for (std::size_t n = 0; n + 4 < text.size(); ++n)
        QVERIFY(!parseBvh(std::string_view(text).substr(0, n)));
}

void TestBvh::realSkeletonsRetarget_data() {
    QTest::addColumn<QString>("name");
    for (const char* name :
         {"cmu/05/05_01.bvh", "cmu/08/08_01.bvh", "cmu/09/09_01.bvh",
          "animated_drawings/cmu1_jumping_jacks.bvh", "animated_drawings/fair1_dab.bvh",
          "animated_drawings/fair1_jumping.bvh", "animated_drawings/fair1_wave_hello.bvh",
          "animated_drawings/fair1_zombie.bvh", "animated_drawings/rokoko_jesse_dance.bvh"})
        QTest::newRow(name) << name;
}

void TestBvh::realSkeletonsRetarget() {
    QFETCH(const QString, name);
    const auto path = kMotionData / name.toStdString();
    if (!std::filesystem::exists(path))
        QSKIP("the development data is not here");
    const auto body =
        loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
    QVERIFY(body);
    const auto text = readFile(path);
    QVERIFY(text);
    const auto file = parseBvh(*text);
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    const auto map = mapSkeleton(*file);
    QVERIFY2(map, map ? "" : map.error().message.c_str());
    const auto motion = retarget(*file, *body);
    QVERIFY2(motion, motion ? "" : motion.error().message.c_str());
    QCOMPARE(std::int64_t(motion->frames.size()), file->frameCount);

    // Frames differ by a turn of the whole world when the file is not y-up; found from its first
    // row of axes.
    const ShapedBody shaped(*body, {});
    std::array<glm::vec3, kBodyJoints> joints{};
    const bool zUp = name.contains("fair1");
    const auto toYUp = [&](glm::vec3 v) { return zUp ? glm::vec3(v.x, v.z, -v.y) : v; };
    const int limbs[][2] = {{1, 4}, {2, 5}, {4, 7}, {5, 8}, {16, 18}, {17, 19}, {18, 20}, {19, 21}};
    double limbAngle = 0, upright = 0, fastest = 0, elbowBack = 0, kneeForward = 0;
    float lowest = 1e9f;
    std::int64_t count = 0;
    for (std::int64_t t = 0; t < file->frameCount; t += 1) {
        const BvhFramePose source = bvhFrame(*file, t);
        const BodyPose& pose = motion->frames[t];
        shaped.pose(pose, {}, joints);
        for (const auto& limb : limbs) {
            const glm::vec3 a =
                source.positions[map->joints[limb[1]]] - source.positions[map->joints[limb[0]]];
            limbAngle += degrees(toYUp(a), joints[limb[1]] - joints[limb[0]]);
            ++count;
        }
        upright += glm::normalize(joints[12] - joints[0]).y;
        lowest = std::min({lowest, joints[10].y, joints[11].y, joints[7].y, joints[8].y});
        // Hinges bend the right way: the wrist does not come behind the upper arm's frame, nor the
        // ankle before the knee's.
        for (int side = 0; side < 2; ++side) {
            const glm::mat3 knee = rotationOf(pose.rotations[4 + side]);
            kneeForward = std::max(kneeForward, double(-knee[1][2]));
            const glm::mat3 elbow = rotationOf(pose.rotations[18 + side]);
            elbowBack = std::max(elbowBack, double(elbow[0][2]) * (side == 0 ? -1 : 1));
        }
        if (t > 1) { // frame 0 may be the rest pose
            // Without the wrists: CMU's own jump there. A flip would be some 20,000 degrees a
            // second.
            for (int j = 0; j < 20; ++j) {
                const glm::mat3 change =
                    glm::transpose(rotationOf(motion->frames[t - 1].rotations[j])) *
                    rotationOf(pose.rotations[j]);
                fastest = std::max(fastest, double(glm::length(axisAngleOf(change))) * 57.3 *
                                                motion->fps.value());
            }
        }
    }
    qInfo("limbs %.2f deg, upright %.2f, lowest joint %.3f m, fastest turn %.0f deg/s, elbow back "
          "%.2f, knee forward %.2f",
          limbAngle / double(count), upright / double(file->frameCount), lowest, fastest, elbowBack,
          kneeForward);
    QVERIFY(limbAngle / double(count) < 10.0);
    QVERIFY(upright / double(file->frameCount) > 0.7);
    QVERIFY(lowest > -0.15f && lowest < 0.2f);
    QVERIFY(fastest < 4500.0);
    QVERIFY(kneeForward < 0.35);
    QVERIFY(elbowBack < 0.6);
    const auto read = readBvh(path, *body);
    QVERIFY(read);
    QCOMPARE(std::int64_t(read->frames.size()),
             file->frameCount - (name.startsWith("cmu/") ? 1 : 0));
}

QTEST_GUILESS_MAIN(TestBvh)
#include "test_bvh.moc"
