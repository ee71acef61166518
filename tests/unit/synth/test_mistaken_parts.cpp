// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/canonical.h"
#include "engine/synth/mistaken_parts.h"
#include "tests/unit/synth/installed_body.h"

#include <QTest>

using namespace strata;

namespace {

const glm::vec3 kSkin(0.6f, 0.35f, 0.22f), kCloth(0.1f, 0.15f, 0.4f);

const BodyModel& model() { return test::installedBody(); }

/// A person with bare arms and a blue suit, the arms hanging close to the trunk.
struct Person {
    ShapedBody body{model(), {}};
    SubjectView view;
    PosedSurface surface;

    Person() {
        BodyPose pose = canonicalPose(model());
        pose.rotations[16] = glm::vec3(0.f, 0.f, -1.35f);
        pose.rotations[17] = glm::vec3(0.f, 0.f, 1.35f);
        view.camera = canonicalCamera(body, 360, 480);
        surface.vertices.resize(model().vTemplate.size());
        body.pose(pose, surface.vertices, {});
        for (auto& v : surface.vertices)
            v = view.camera.toCamera(v);
        view.alpha = ImageF(360, 480, 1);
        view.colors = ImageF(360, 480, 3);
        view.heightPx = 450.f;
        rasterizeInto(surface, model(), view);
        for (std::size_t i = 0; i < view.alpha.count(); ++i) {
            const int face = surface.raster.face[i];
            view.alpha.data()[i] = face >= 0 ? 1.f : 0.f;
            paint(i, arm(i) ? kSkin : kCloth);
        }
    }
    int joint(std::size_t i) const {
        const int face = surface.raster.face[i];
        return face < 0 ? -1 : model().bones[model().faces[std::size_t(face)].x][0];
    }
    bool arm(std::size_t i) const { return joint(i) >= 0 && isArm(regionOfJoint(joint(i))); }
    void paint(std::size_t i, const glm::vec3& color) {
        for (std::size_t c = 0; c < 3; ++c)
            view.colors.data()[3 * i + c] = color[int(c)];
    }
    std::size_t at(int x, int y) const { return std::size_t(y) * 360 + std::size_t(x); }
    ImageF mistaken() const { return mistakenParts(body, view, surface, kSkin); }

    /// Column in which the right arm (at the picture's left) meets the trunk in a row, or -1.
    int seam(int y) const {
        for (int x = 1; x < 180; ++x)
            if (arm(at(x - 1, y)) && joint(at(x, y)) >= 0 && !arm(at(x, y)))
                return x;
        return -1;
    }
    /// A row in which they touch, and so do the rows round it.
    int meetingRow() const {
        for (int y = 110; y < 240; ++y) {
            bool all = true;
            for (int k = -4; k <= 4; ++k)
                all = all && seam(y + k) > 0;
            if (all)
                return y;
        }
        return -1;
    }
};

} // namespace

class TestMistakenParts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsMistakenWhereAllIsInItsPlace() {
        const Person person;
        const ImageF mistaken = person.mistaken();
        QCOMPARE(*std::max_element(mistaken.data(), mistaken.data() + mistaken.count()), 0.f);
    }

    void aHemOverABareArmIsNotTheArms() {
        Person person;
        const int row = person.meetingRow();
        QVERIFY(row > 0);
        for (int y = row - 4; y <= row + 4; ++y)
            for (int x = person.seam(y) - 5; x < person.seam(y); ++x)
                person.paint(person.at(x, y), kCloth);
        const ImageF mistaken = person.mistaken();
        QVERIFY(*mistaken.pixel(person.seam(row) - 3, row) > 0.9f);
        QCOMPARE(*mistaken.pixel(person.seam(row) - 3, row + 30), 0.f);
    }

    void anArmOverClothesIsNotTheClothes() {
        Person person;
        const int row = person.meetingRow();
        for (int y = row - 4; y <= row + 4; ++y)
            for (int x = person.seam(y); x < person.seam(y) + 4; ++x)
                person.paint(person.at(x, y), kSkin);
        const ImageF mistaken = person.mistaken();
        QVERIFY(*mistaken.pixel(person.seam(row) + 1, row) > 0.9f);
    }

    void aTattooAndAPrintStay() {
        Person person;
        const int row = person.meetingRow();
        for (int y = row - 3; y <= row + 3; ++y) {
            for (int x = person.seam(y) - 8; x < person.seam(y) - 3; ++x)
                person.paint(person.at(x, y), kCloth);
            for (int x = 175; x < 185; ++x)
                person.paint(person.at(x, y), kSkin);
        }
        const ImageF mistaken = person.mistaken();
        QCOMPARE(*mistaken.pixel(person.seam(row) - 5, row), 0.f);
        QCOMPARE(*mistaken.pixel(180, row), 0.f);
    }

    void aSleeveIsTheArms() {
        Person person;
        for (std::size_t i = 0; i < person.view.alpha.count(); ++i)
            if (const int joint = person.joint(i); joint == 16 || joint == 17)
                person.paint(i, kCloth);
        const ImageF mistaken = person.mistaken();
        std::size_t upper = 0, wrong = 0;
        for (std::size_t i = 0; i < person.view.alpha.count(); ++i)
            if (person.joint(i) == 17) {
                ++upper;
                wrong += mistaken.data()[i] > 0.5f;
            }
        QVERIFY(upper > 200);
        QVERIFY2(wrong < upper / 50, qPrintable(QString::number(wrong)));
    }
};

QTEST_APPLESS_MAIN(TestMistakenParts)
#include "test_mistaken_parts.moc"
