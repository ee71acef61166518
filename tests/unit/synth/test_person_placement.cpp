// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/foot_contacts.h"
#include "engine/synth/person_placement.h"
#include "tests/unit/synth/installed_body.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace strata;

namespace {

const BodyModel& model() { return test::installedBody(); }

/// A walk on the spot along x, `frames` long, in front of a camera that looks along -z.
Motion walk(int frames, bool cameras) {
    Motion motion;
    motion.fps = Rational(30);
    for (int i = 0; i < frames; ++i) {
        BodyPose pose;
        const float swing = 0.5f * std::sin(0.3f * float(i));
        pose.rotations[1].x = swing;
        pose.rotations[2].x = -swing;
        pose.rotations[4].x = std::max(0.f, -swing);
        pose.rotations[5].x = std::max(0.f, swing);
        pose.translation = {0.02f * float(i), 1.1f, -4.f};
        motion.frames.push_back(pose);
        if (cameras)
            motion.cameras.push_back(
                {{1280, 720}, 1200, 1200, 640, 360, glm::mat3(1, 0, 0, 0, -1, 0, 0, 0, -1), {}});
    }
    return motion;
}

float lowest(const Motion& motion, std::size_t frame, float scale) {
    const ShapedBody body(model(), motion.betas);
    std::vector<glm::vec3> vertices(kBodyVertices);
    body.pose(motion.frames[frame], vertices, {});
    float low = 1e9f;
    for (const auto& v : vertices)
        low = std::min(low, scale * (v.y - motion.frames[frame].translation.y) +
                                motion.frames[frame].translation.y);
    return low;
}

} // namespace

class TestPersonPlacement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anotherBodyKeepsItsFeetOnTheGround_data() {
        QTest::addColumn<int>("size");
        QTest::newRow("own build") << int(BodySize::OwnBuild);
        QTest::newRow("own height") << int(BodySize::OwnHeight);
    }
    void anotherBodyKeepsItsFeetOnTheGround() {
        QFETCH(int, size);
        const Motion driving = walk(40, true);
        Betas tall{};
        tall[0] = 2.5f;
        const PlacedMotion placed = placeIdentity(model(), driving, tall, BodySize(size));
        QCOMPARE(placed.motion.frames.size(), driving.frames.size());
        for (std::size_t i = 0; i < driving.frames.size(); ++i) {
            const float before = lowest(driving, i, 1.f),
                        after = lowest(placed.motion, i, placed.bodyScale);
            QVERIFY2(
                std::abs(before - after) < 0.03f,
                qPrintable(QString("frame %1: %2 instead of %3").arg(i).arg(after).arg(before)));
        }
        const float height = placed.bodyScale * bodyHeight(model(), tall);
        if (BodySize(size) == BodySize::OwnBuild)
            QVERIFY(std::abs(height - bodyHeight(model(), driving.betas)) < 1e-3f);
        else
            QVERIFY(height > bodyHeight(model(), driving.betas) + 0.1f);
    }

    void theDrivingBuildChangesNothing() {
        const Motion driving = walk(5, true);
        const PlacedMotion placed =
            placeIdentity(model(), driving, Betas{1.f}, BodySize::DrivingBuild);
        QVERIFY(placed.motion.betas == driving.betas);
        QCOMPARE(placed.motion.frames[3].translation.x, driving.frames[3].translation.x);
    }

    void aNewMotionStartsWhereTheSourceStands() {
        Motion source = walk(30, true);
        for (auto& pose : source.frames)
            pose.rotations[0].y = 0.7f;
        Motion replacement = walk(90, false);
        for (auto& pose : replacement.frames)
            pose.translation += glm::vec3(5.f, 3.f, 1.f);
        const auto placed = placeMotion(model(), source, replacement);
        QVERIFY(bool(placed));
        QCOMPARE(placed->frames.size(), source.frames.size());
        QCOMPARE(placed->cameras.size(), source.cameras.size());
        QVERIFY(glm::distance(placed->frames[0].translation, source.frames[0].translation) < 0.12f);
        // Faces as the source does, so its way along its own x has turned by as much.
        const glm::vec3 facing = rotationOf(placed->frames[0].rotations[0]) * glm::vec3(0, 0, 1);
        const glm::vec3 wanted = rotationOf(source.frames[0].rotations[0]) * glm::vec3(0, 0, 1);
        QVERIFY(glm::dot(facing, wanted) > 0.99f);
        const glm::vec3 way = placed->frames[29].translation - placed->frames[0].translation;
        QVERIFY(std::abs(way.x - 0.58f * std::cos(0.7f)) < 0.08f);
        QVERIFY(std::abs(way.z + 0.58f * std::sin(0.7f)) < 0.08f);
    }

    void aShortMotionGoesOnWhereItEnded() {
        const Motion source = walk(60, true);
        const auto placed = placeMotion(model(), source, walk(21, false));
        QVERIFY(bool(placed));
        QVERIFY(placed->frames[50].translation.x > placed->frames[15].translation.x + 0.4f);
        SceneMotionOptions hold;
        hold.loop = false;
        const auto held = placeMotion(model(), source, walk(21, false), hold);
        QCOMPARE(held->frames[50].translation.x, held->frames[30].translation.x);
    }

    void aClipWithoutCamerasIsRefused() {
        QVERIFY(!placeMotion(model(), walk(5, false), walk(5, false)));
        QVERIFY(!placeMotion(model(), walk(5, true), Motion{}));
    }
};

QTEST_GUILESS_MAIN(TestPersonPlacement)
#include "test_person_placement.moc"
