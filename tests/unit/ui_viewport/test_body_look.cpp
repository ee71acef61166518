// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/body_look.h"

#include "engine/raster/motion_code.h"

#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestBodyLook : public QObject {
    Q_OBJECT
    static Camera camera() {
        Camera c;
        c.size = {640, 360};
        c.fx = 500;
        c.fy = 510;
        c.cx = 300;
        c.cy = 190;
        c.rotation = rotationOf({0.1f, -0.3f, 0.2f});
        c.translation = {0.2f, -0.1f, 4.f};
        return c;
    }

private Q_SLOTS:
    void codeColoursAreThoseOfTheRasteriser() {
        const auto body = loadBody(STRATA_SOURCE_DIR "/assets/body/strata_body.npz");
        QVERIFY(body);
        const ShapedBody shaped(*body, Betas{1.5f, -0.7f});
        const auto rest = shaped.restVertices();
        const auto theirs = defaultMotionCode({&rest[0].x, rest.size() * 3});
        const auto ours = motionCodeColors(rest);
        QCOMPARE(ours.size(), theirs.size());
        float most = 0;
        for (std::size_t i = 0; i < ours.size(); ++i)
            most = std::max(most, std::abs(ours[i] - theirs[i]));
        QVERIFY2(most < 1e-6f, qPrintable(QString::number(double(most))));
    }

    void theProjectionPutsPointsWhereTheCameraDoes_data() {
        QTest::addColumn<bool>("topDown");
        QTest::newRow("window") << false;
        QTest::newRow("texture") << true;
    }
    void theProjectionPutsPointsWhereTheCameraDoes() {
        QFETCH(bool, topDown);
        const Camera c = camera();
        const ViewTransform view{1.7, {-40, 25}};
        const Size screen{1000, 700};
        const glm::mat4 projection = pinholeProjection(c, view, screen, topDown);
        for (const glm::vec3 world : {glm::vec3(0), glm::vec3(1, 0.5f, -1), glm::vec3(-1, 1, 2)}) {
            const glm::vec4 clip = projection * glm::vec4(c.toCamera(world), 1.f);
            const glm::vec2 picture = c.project(world);
            const QPointF wanted = view.toScreen({picture.x, picture.y});
            const double x = (clip.x / clip.w + 1) / 2 * screen.width;
            const double up = (clip.y / clip.w + 1) / 2 * screen.height; // from the target's row 0
            QVERIFY(std::abs(x - wanted.x()) < 0.01);
            QVERIFY(std::abs((topDown ? up : screen.height - up) - wanted.y()) < 0.01);
            QVERIFY(std::abs(clip.z) < clip.w);
        }
    }

    void normalsOfACubeCornerPointOutwards() {
        const std::vector<glm::vec3> v = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        const std::vector<glm::uvec3> f = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
        const auto normals = vertexNormals(v, f);
        const float part = -1.f / std::sqrt(3.f);
        QVERIFY(glm::length(normals[0] - glm::vec3(part)) < 1e-5f);
        QVERIFY(normals[1].x > 0);
    }

    void jointsBehindTheCameraAreLeftOut() {
        std::array<int, kBodyJoints> parents;
        parents.fill(0);
        parents[0] = -1;
        BodyFrame body;
        body.camera.fx = body.camera.fy = 100;
        body.joints.fill({0, 0, 2});
        const auto all = skeletonStrokes(body, parents, {}, 1, 1);
        body.joints[5] = {0, 0, -1};
        QCOMPARE(skeletonStrokes(body, parents, {}, 1, 1).size(),
                 all.size() - 4); // dot and bone, with rims
    }
};

QTEST_GUILESS_MAIN(TestBodyLook)
#include "test_body_look.moc"
