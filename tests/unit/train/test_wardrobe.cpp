// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/dressed_person.h"
#include "engine/train/render/makehuman.h"
#include "engine/train/render/materials.h"
#include "engine/train/render/obj_file.h"
#include "engine/train/render/uv_lookup.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace strata;

namespace {

std::filesystem::path write(const QTemporaryDir& folder, const char* name,
                            const std::string& text) {
    const auto path = std::filesystem::path(folder.path().toStdString()) / name;
    std::ofstream(path) << text;
    return path;
}

/// A band around the waist, bound to the nearest vertices of the body.
Garment belt(const BodyModel& model) {
    Garment garment;
    const auto normals = vertexNormals(model.vTemplate, model.faces);
    std::vector<std::int32_t> index(model.vTemplate.size(), -1);
    for (std::size_t v = 0; v < model.vTemplate.size(); ++v) {
        const auto& p = model.vTemplate[v];
        if (p.y < -0.2f || p.y > 0.f || std::abs(p.x) > 0.3f)
            continue;
        index[v] = std::int32_t(garment.mesh.vertices.size());
        garment.mesh.vertices.push_back(p + normals[v] * 0.01f);
        garment.bones.push_back(model.bones[v]);
        garment.boneWeights.push_back(model.boneWeights[v]);
        garment.near.push_back({std::uint16_t(v), 0, 0, 0});
        garment.nearWeights.push_back({1, 0, 0, 0});
    }
    for (const auto& f : model.faces)
        if (index[f.x] >= 0 && index[f.y] >= 0 && index[f.z] >= 0)
            garment.mesh.faces.push_back({index[f.x], index[f.y], index[f.z]});
    garment.mesh.normals = vertexNormals(garment.mesh.vertices, garment.mesh.faces);
    garment.mesh.rest = garment.mesh.vertices;
    return garment;
}

/// A wide tube around both legs, from the hips to the knees.
Garment skirt(const BodyModel& model) {
    constexpr int kAround = 48, kDown = 20;
    Garment garment;
    const float top = model.jointTemplate[1].y, knee = model.jointTemplate[4].y;
    for (int row = 0; row <= kDown; ++row)
        for (int k = 0; k < kAround; ++k) {
            const float angle = 6.2831853f * float(k) / kAround;
            garment.mesh.vertices.push_back({0.24f * std::cos(angle),
                                             glm::mix(top, knee, float(row) / kDown),
                                             0.17f * std::sin(angle)});
            garment.bones.push_back({1, 2, 0, 0});
            garment.boneWeights.push_back({0.5f, 0.5f, 0, 0});
            garment.near.push_back({0, 0, 0, 0});
            garment.nearWeights.push_back({0, 0, 0, 0});
        }
    for (std::uint32_t row = 0; row < kDown; ++row)
        for (std::uint32_t k = 0; k < kAround; ++k) {
            const std::uint32_t a = row * kAround + k, b = row * kAround + (k + 1) % kAround;
            garment.mesh.faces.push_back({a, b, a + kAround});
            garment.mesh.faces.push_back({b, b + kAround, a + kAround});
        }
    garment.mesh.normals = vertexNormals(garment.mesh.vertices, garment.mesh.faces);
    garment.mesh.rest = garment.mesh.vertices;
    return garment;
}

} // namespace

class TestWardrobe : public QObject {
    Q_OBJECT
private:
    BodyModel m_model;

private Q_SLOTS:
    void initTestCase() {
        auto model =
            loadBody(std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz");
        QVERIFY2(model, model ? "" : model.error().message.c_str());
        m_model = std::move(*model);
    }

    void legsInASkirtAreLeftOut() {
        const auto visible = visibleBodyFaces(m_model, {skirt(m_model)});
        const float hips = m_model.jointTemplate[1].y, knees = m_model.jointTemplate[4].y;
        int thighs = 0, shins = 0;
        for (const auto f : visible) {
            const std::uint32_t v = m_model.faces[f].x;
            const float y = m_model.vTemplate[v].y;
            const int joint = m_model.bones[v][0];
            thighs += (joint == 1 || joint == 2) && y < hips - 0.2f && y > knees + 0.06f;
            shins += (joint == 4 || joint == 5) && y < knees - 0.1f;
        }
        QCOMPARE(thighs, 0);
        QVERIFY(shins > 200);
    }

    void aSkirtStaysOutsideOfALegThatIsLifted() {
        const auto skinOf = [](const std::vector<std::uint32_t>&) { return plain({1, 1, 1}); };
        const DressedPerson person(m_model, {}, {{skirt(m_model)}, {plain({0, 0, 0})}}, skinOf);
        BodyPose pose;
        pose.rotations[1] = {-0.9f, 0.f, 0.f};
        Scene scene;
        person.addTo(scene, pose);
        std::vector<glm::vec3> joints(kBodyJoints);
        person.body().pose(pose, {}, joints);
        const glm::vec3 from = joints[1], to = joints[4];
        float nearest = 1.f;
        for (const auto& p : scene.objects.back().mesh->vertices) {
            const float along = glm::dot(p - from, to - from) / glm::dot(to - from, to - from);
            if (along > 0.2f && along < 1.f)
                nearest = std::min(nearest, glm::length(p - from - along * (to - from)));
        }
        QVERIFY2(nearest > 0.06f, qPrintable(QString::number(nearest)));
    }

    void objPolygonsBecomeTriangles() {
        const QTemporaryDir folder;
        const auto path =
            write(folder, "a.obj",
                  "# comment\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
                  "g first\nf 1/1 2/2 3/3 4/4\ng second\nf -4/-4 -3/-3 -2/-2\n");
        const auto obj = readObj(path);
        QVERIFY2(obj, obj ? "" : obj.error().message.c_str());
        QCOMPARE(obj->faces.size(), 3u);
        QCOMPARE(obj->uvFaces.size(), 3u);
        QVERIFY(obj->faces[1] == glm::uvec3(0, 2, 3));
        QVERIFY(obj->faces[2] == glm::uvec3(0, 1, 2));
        QCOMPARE(obj->groups[std::size_t(obj->groupOfFace[2])], std::string("second"));
    }

    void brokenObjFilesAreRefused_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << "";
        QTest::newRow("index beyond") << "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n";
        QTest::newRow("index zero") << "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n";
        QTest::newRow("far negative") << "v 0 0 0\nv 1 0 0\nv 0 1 0\nf -9 1 2\n";
        QTest::newRow("two corners") << "v 0 0 0\nv 1 0 0\nf 1 2\n";
        QTest::newRow("no number") << "v 0 0\nf 1 1 1\n";
        QTest::newRow("bad uv") << "v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nf 1/1 2/7 3/1\n";
        QTest::newRow("words") << "v 0 0 0\nv 1 0 0\nv 0 1 0\nf a b c\n";
    }
    void brokenObjFilesAreRefused() {
        QFETCH(QString, text);
        const QTemporaryDir folder;
        const auto path = write(folder, "broken.obj", text.toStdString());
        const auto obj = readObj(path);
        QVERIFY(!obj);
        QVERIFY(obj.error().message.find("broken.obj") != std::string::npos);
    }

    void placesOfTheAtlasAreFoundAgain() {
        const UvLookup lookup(m_model.uvVertices, m_model.uvFaces);
        int same = 0, tried = 0;
        for (std::uint32_t f = 0; f < m_model.faces.size(); f += 37, ++tried) {
            const auto& t = m_model.uvFaces[f];
            const glm::vec2 centre =
                (m_model.uvVertices[t.x] + m_model.uvVertices[t.y] + m_model.uvVertices[t.z]) / 3.f;
            const auto hit = lookup.find(centre);
            same += hit && hit->face == f;
        }
        QVERIFY2(same > tried * 9 / 10, qPrintable(QString("%1 of %2").arg(same).arg(tried)));
        QVERIFY(!lookup.find({-0.5f, 2.f}));
    }

    void clothFollowsTheBodyInEveryPose() {
        const Betas betas{1.f, -1.f, 0.5f};
        Outfit outfit;
        outfit.garments.push_back(belt(m_model));
        outfit.materials.push_back(plain(glm::vec3(0.5f)));
        const auto count = outfit.garments[0].near;
        const DressedPerson person(m_model, betas, outfit, [](const std::vector<std::uint32_t>&) {
            return plain(glm::vec3(0.4f));
        });
        BodyPose pose;
        pose.translation = {1, 2, 3};
        pose.rotations[0] = {0.3f, 1.1f, -0.2f};
        pose.rotations[3] = {0.2f, 0.1f, 0.f};
        pose.rotations[1] = {-1.2f, 0.f, 0.f}; // the hip bends, and with it the belt's edge
        Scene scene;
        person.addTo(scene, pose);
        QCOMPARE(scene.objects.size(), 2u);
        QVERIFY(scene.objects[1].layer == SceneLayer::Human);
        const auto& skin = scene.objects[0].mesh->vertices;
        const auto& cloth = scene.objects[1].mesh->vertices;
        for (std::size_t i = 0; i < cloth.size(); ++i) {
            const float gap = glm::distance(cloth[i], skin[count[i][0]]);
            QVERIFY2(gap > 0.003f && gap < 0.013f, qPrintable(QString::number(gap)));
        }
    }

    void skinUnderClothIsLeftOut() {
        const auto naked = visibleBodyFaces(m_model, {});
        QCOMPARE(naked.size(), m_model.faces.size());
        const auto dressed = visibleBodyFaces(m_model, {belt(m_model)});
        QVERIFY(dressed.size() < naked.size() - 200);
        for (const auto f : dressed)
            QVERIFY(f < m_model.faces.size());
        Garment hair = belt(m_model);
        hair.hidesSkin = false;
        QCOMPARE(visibleBodyFaces(m_model, {hair}).size(), naked.size());
    }

    void clothIsMovedOutOfTheBody() {
        Garment garment = belt(m_model);
        const auto normals = vertexNormals(m_model.vTemplate, m_model.faces);
        for (std::size_t i = 0; i < garment.mesh.vertices.size(); ++i)
            garment.mesh.vertices[i] =
                m_model.vTemplate[garment.near[i][0]] - 0.004f * normals[garment.near[i][0]];
        pushOutside(garment, m_model, 0.008f);
        for (std::size_t i = 0; i < garment.mesh.vertices.size(); ++i) {
            const auto b = garment.near[i][0];
            const float height =
                glm::dot(garment.mesh.vertices[i] - m_model.vTemplate[b], normals[b]);
            QVERIFY2(height > 0.001f && height < 0.012f, qPrintable(QString::number(height)));
        }
    }

    void aWardrobeNeedsBodiesThatShareTheAtlas() {
        const QTemporaryDir folder;
        write(folder, "base.obj",
              "v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 0 1\ng body\nf 1/1 2/2 3/3\n");
        const std::filesystem::path path(folder.path().toStdString());
        const auto foreign = MakeHumanWardrobe::open(path, m_model);
        QVERIFY(!foreign);
        QCOMPARE(foreign.error().code, ErrorCode::BadFormat);
        BodyModel plainBody = m_model;
        plainBody.uvFaces.clear();
        const auto noUv = MakeHumanWardrobe::open(path, plainBody);
        QVERIFY(!noUv);
        QCOMPARE(noUv.error().code, ErrorCode::Usage);
        QVERIFY(!MakeHumanWardrobe::open(path / "nowhere", m_model));
    }

    void transparentPartsAreCutAway() {
        Garment garment;
        garment.mesh = makeQuad({0, 0, 0}, {0.1f, 0, 0}, {0.1f, 0.1f, 0}, {0, 0.1f, 0});
        garment.bones.resize(4);
        garment.boneWeights.assign(4, {1, 0, 0, 0});
        garment.near.resize(4);
        garment.nearWeights.assign(4, {1, 0, 0, 0});
        ImageU8 picture(8, 8, 4, 255);
        for (int y = 0; y < 8; ++y)
            for (int x = 4; x < 8; ++x)
                picture.at(x, y, 3) = 0; // the right half is air
        const Garment cut = opaqueParts(garment, picture, 0.005f);
        QCOMPARE(cut.bones.size(), cut.mesh.vertices.size());
        double area = 0;
        for (const auto& f : cut.mesh.faces) {
            const auto& v = cut.mesh.vertices;
            area += 0.5 * glm::length(glm::cross(v[f.y] - v[f.x], v[f.z] - v[f.x]));
            QVERIFY(v[f.x].x < 0.056f);
        }
        QVERIFY(std::abs(area - 0.005) < 0.0004);
    }
};

QTEST_GUILESS_MAIN(TestWardrobe)
#include "test_wardrobe.moc"
