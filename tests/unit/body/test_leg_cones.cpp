// SPDX-License-Identifier: Apache-2.0
#include "engine/body/leg_cones.h"

#include <QtTest>

#include <cmath>

using namespace strata;

namespace {

constexpr float kGap = 0.02f;

/// Half way between two joints of a pose.
glm::vec3 middle(std::span<const glm::vec3> joints, std::size_t a, std::size_t b) {
    return 0.5f * (joints[a] + joints[b]);
}

float fromBone(const glm::vec3& p, const glm::vec3& a, const glm::vec3& b) {
    const float along = glm::dot(p - a, b - a) / glm::dot(b - a, b - a);
    return glm::length(p - a - along * (b - a));
}

} // namespace

class TestLegCones : public QObject {
    Q_OBJECT

    BodyModel m_model;
    std::unique_ptr<ShapedBody> m_body;

private Q_SLOTS:
    void initTestCase() {
        auto model =
            loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
        QVERIFY2(model, model ? "" : model.error().message.c_str());
        m_model = std::move(*model);
        m_body = std::make_unique<ShapedBody>(m_model, Betas{});
    }

    void theSurfaceIsWhereTheBodyHasIt() {
        const LegCones legs(*m_body);
        const auto joints = m_body->restJoints();
        double sum = 0;
        int count = 0;
        for (std::size_t v = 0; v < kBodyVertices; ++v) {
            const glm::vec3& p = m_body->restVertices()[v];
            const float along = (joints[1].y - p.y) / (joints[1].y - joints[4].y);
            if (m_model.bones[v][0] != 1 || along < 0.4f || along > 0.9f)
                continue;
            const float off = legs.room(p)[0];
            QVERIFY2(off < 0.015f && off > -0.05f, qPrintable(QString::number(off)));
            sum += off;
            ++count;
        }
        QVERIFY(count > 50);
        QVERIFY2(std::abs(sum / count) < 0.03, qPrintable(QString::number(sum / count)));
    }

    void nothingMovesWhileTheLegsRest() {
        const LegCones legs(*m_body);
        const auto joints = m_body->restJoints();
        for (const float away : {0.f, 0.05f, 0.09f, 0.15f}) {
            const glm::vec3 rest = middle(joints, 1, 4) + glm::vec3(0.f, 0.f, away);
            glm::vec3 point = rest;
            legs.pushOut(point, legs.room(rest), joints, kGap);
            QVERIFY(glm::distance(point, rest) < 1e-5f);
        }
    }

    void aThighThatIsLiftedPushesClothAway() {
        const LegCones legs(*m_body);
        const glm::vec3 rest = middle(m_body->restJoints(), 1, 4) + glm::vec3(0, 0, 0.14f);
        BodyPose pose;
        pose.rotations[1] = {-0.5f, 0.f, 0.f}; // forwards
        std::vector<glm::vec3> joints(kBodyJoints);
        m_body->pose(pose, {}, joints);
        glm::vec3 point = rest; // hangs from the hips alone
        const float before = fromBone(point, joints[1], joints[4]);
        legs.pushOut(point, legs.room(rest), joints, kGap);
        const float after = fromBone(point, joints[1], joints[4]);
        QVERIFY2(before < 0.05f, qPrintable(QString::number(before)));
        QVERIFY2(after > 0.07f && after < 0.14f, qPrintable(QString::number(after)));
        QVERIFY(point.z > rest.z); // to the front, where it came from
    }

    void onlyWhatGoesAroundBothLegsHangs() {
        const auto joints = m_body->restJoints();
        const glm::vec3 low = middle(joints, 1, 4), high = joints[3];
        QVERIFY(hangsAroundLegs({1, 2, 0, 0}, {0.6f, 0.4f, 0, 0}, low, joints));
        QVERIFY(hangsAroundLegs({0, 1, 0, 0}, {0.5f, 0.5f, 0, 0}, low, joints));
        QVERIFY(!hangsAroundLegs({1, 4, 0, 0}, {0.6f, 0.4f, 0, 0}, low, joints));
        QVERIFY(!hangsAroundLegs({0, 3, 0, 0}, {0.5f, 0.5f, 0, 0}, high, joints));
    }
};

QTEST_GUILESS_MAIN(TestLegCones)
#include "test_leg_cones.moc"
