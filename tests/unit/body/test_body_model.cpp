// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body_arrays.h"
#include "engine/body/body_model.h"
#include "engine/core/atomic_file.h"
#include "engine/formats/npz.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace strata;

namespace {

const std::filesystem::path kBodyFile =
    std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz";

BodyPose randomPose(unsigned seed, float spread) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.f, spread);
    BodyPose pose;
    for (glm::vec3& r : pose.rotations)
        r = {normal(random), normal(random), normal(random)};
    pose.translation = {0.3f, -0.2f, 1.5f};
    return pose;
}

/// The definition, written out naively in double: what the fast code must agree with.
std::vector<glm::dvec3> naivePose(const BodyModel& m, const Betas& betas, const BodyPose& pose) {
    std::vector<glm::dvec3> shaped(kBodyVertices);
    for (int v = 0; v < kBodyVertices; ++v) {
        shaped[v] = m.vTemplate[v];
        for (int c = 0; c < 3; ++c)
            for (int b = 0; b < kBodyBetas; ++b)
                shaped[v][c] += double(m.shapeDirs[(v * 3 + c) * kBodyBetas + b]) * betas[b];
    }
    std::array<glm::dvec3, kBodyJoints> rest{};
    for (int j = 0; j < kBodyJoints; ++j)
        for (int v = 0; v < kBodyVertices; ++v)
            rest[j] += double(m.jointRegressor[std::size_t(j) * kBodyVertices + v]) * shaped[v];
    std::array<glm::dmat4, kBodyJoints> global;
    std::vector<double> features;
    for (int j = 0; j < kBodyJoints; ++j) {
        const glm::dmat3 r(rotationOf(pose.rotations[j]));
        glm::dmat4 local(r);
        local[3] = glm::dvec4(j == 0 ? rest[0] : rest[j] - rest[m.parents[j]], 1.0);
        global[j] = j == 0 ? local : global[m.parents[j]] * local;
        if (j > 0)
            for (int row = 0; row < 3; ++row)
                for (int col = 0; col < 3; ++col)
                    features.push_back(r[col][row] - (row == col ? 1.0 : 0.0));
    }
    for (int v = 0; v < kBodyVertices; ++v) {
        glm::dvec3 p = shaped[v];
        for (int c = 0; c < 3; ++c)
            for (int k = 0; k < 207; ++k)
                p[c] += m.poseDirs[(std::size_t(v) * 3 + c) * 207 + k] * features[k];
        glm::dvec3 sum(0.0);
        for (int k = 0; k < 4; ++k) {
            const int j = m.bones[v][k];
            sum +=
                double(m.boneWeights[v][k]) * glm::dvec3(global[j] * glm::dvec4(p - rest[j], 1.0));
        }
        shaped[v] = sum + glm::dvec3(pose.translation);
    }
    return shaped;
}

/// A pickle of protocol 2 that holds a dict of NumPy arrays, as SMPL's files do.
class PickleWriter {
public:
    PickleWriter() { m_out = "\x80\x02}("; }
    void array(const std::string& name, const Array& array) {
        text(name);
        m_out += "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n";
        m_out += std::string("K\x00\x85", 3);
        bytes("b");
        m_out += "tR(K\x01(";
        for (const std::int64_t extent : array.shape)
            number(std::int32_t(extent));
        const bool integers = array.type != DType::F32;
        m_out += "tcnumpy\ndtype\n(";
        bytes(integers ? "u4" : "f4");
        m_out += std::string("K\x00K\x01tR(K\x03", 9);
        bytes("<");
        m_out += "NNN";
        number(-1);
        number(-1);
        m_out += std::string("K\x00tb\x89", 5);
        if (integers) {
            std::string raw;
            for (const std::int64_t value : array.toInts())
                little(raw, std::uint32_t(value));
            bytes(raw);
        } else {
            bytes(
                std::string(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size()));
        }
        m_out += "tb";
    }
    std::string finish() { return m_out + "u."; }

private:
    static void little(std::string& out, std::uint32_t value) {
        for (int k = 0; k < 4; ++k)
            out += char((value >> (8 * k)) & 255);
    }
    void number(std::int32_t value) {
        m_out += 'J';
        little(m_out, std::uint32_t(value));
    }
    void text(const std::string& value) { sized('X', value); }
    void bytes(const std::string& value) { sized('T', value); } // a string of Python 2
    void sized(char code, const std::string& value) {
        m_out += code;
        little(m_out, std::uint32_t(value.size()));
        m_out += value;
    }
    std::string m_out;
};

} // namespace

class TestBodyModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theFreeBodyStandsOnItsFeetAndIs170High();
    void restPoseGivesTheShapedTemplate();
    void posingAgreesWithTheDefinition();
    void aTurnOfTheRootTurnsAboutThePelvis();
    void tallerBetaGivesATallerBody();
    void smplHArraysAreReducedToTwentyFourJoints();
    void anSmplPickleLoads();
    void aBorrowedAtlasEqualsTheOneItCameFrom();
    void damagedArraysAreRefused_data();
    void damagedArraysAreRefused();
    void aMissingFileIsNamed();
    void rotationsSurviveTheRoundTrip();
    void posingSpeed();

private:
    BodyModel m_body;
    ArrayMap m_arrays;
};

void TestBodyModel::initTestCase() {
    auto arrays = readNpz(kBodyFile);
    QVERIFY2(arrays, arrays ? "" : arrays.error().message.c_str());
    m_arrays = *arrays;
    auto body = loadBody(kBodyFile);
    QVERIFY2(body, body ? "" : body.error().message.c_str());
    m_body = std::move(*body);
}

void TestBodyModel::theFreeBodyStandsOnItsFeetAndIs170High() {
    QCOMPARE(m_body.name, std::string("strata"));
    float low = 1e9f, high = -1e9f;
    for (const glm::vec3& v : m_body.vTemplate) {
        low = std::min(low, v.y);
        high = std::max(high, v.y);
    }
    QVERIFY(std::abs(low + 1.196f) < 0.005f);
    QVERIFY(std::abs(high - low - 1.70f) < 0.005f);
    QVERIFY(m_body.jointTemplate[20].x > 0.5f); // the left wrist is at +x
    QCOMPARE(m_body.uvFaces.size(), m_body.faces.size());
    QCOMPARE(m_body.mirrorIndex.size(), std::size_t(kBodyVertices));
}

void TestBodyModel::restPoseGivesTheShapedTemplate() {
    const ShapedBody shaped(m_body, {0.5f, -1.f, 0.3f});
    std::vector<glm::vec3> vertices(kBodyVertices);
    std::vector<glm::vec3> joints(kBodyJoints);
    shaped.pose({}, vertices, joints);
    for (int v = 0; v < kBodyVertices; ++v)
        QVERIFY(glm::distance(vertices[v], shaped.restVertices()[v]) < 2e-6f);
    for (int j = 0; j < kBodyJoints; ++j)
        QVERIFY(glm::distance(joints[j], shaped.restJoints()[j]) < 2e-6f);
}

void TestBodyModel::posingAgreesWithTheDefinition() {
    const Betas betas{1.f, -0.7f, 0.4f, 0.2f, -1.2f, 0.6f, 0.f, 0.3f, -0.5f, 0.9f};
    const ShapedBody shaped(m_body, betas);
    std::vector<glm::vec3> vertices(kBodyVertices);
    for (unsigned seed = 0; seed < 3; ++seed) {
        const BodyPose pose = randomPose(seed, 0.6f);
        shaped.pose(pose, vertices, {});
        const auto expected = naivePose(m_body, betas, pose);
        double worst = 0;
        for (int v = 0; v < kBodyVertices; ++v)
            worst = std::max(worst, glm::distance(glm::dvec3(vertices[v]), expected[v]));
        QVERIFY2(worst < 1e-5, qPrintable(QString::number(worst)));
    }
}

void TestBodyModel::aTurnOfTheRootTurnsAboutThePelvis() {
    const ShapedBody shaped(m_body, {});
    BodyPose pose;
    pose.rotations[0] = {0.f, 1.57079633f, 0.f};
    std::vector<glm::vec3> joints(kBodyJoints);
    shaped.pose(pose, {}, joints);
    QVERIFY(glm::distance(joints[0], shaped.restJoints()[0]) < 1e-6f);
    // A quarter turn to the left brings the left hand from +x to -z.
    QVERIFY(joints[20].z < -0.5f);
}

void TestBodyModel::tallerBetaGivesATallerBody() {
    const auto height = [&](float beta) {
        const ShapedBody shaped(m_body, {beta});
        float low = 1e9f, high = -1e9f;
        for (const glm::vec3& v : shaped.restVertices()) {
            low = std::min(low, v.y);
            high = std::max(high, v.y);
        }
        return high - low;
    };
    QVERIFY(height(2.f) > 1.82f);
    QVERIFY(height(-2.f) < 1.58f);
}

void TestBodyModel::smplHArraysAreReducedToTwentyFourJoints() {
    // An SMPL-H file made from the free body: the hands' weights spread over fifteen finger joints
    // each.
    constexpr int kJoints = 52;
    const auto weights = m_arrays.at("weights").toFloats();
    const auto regressor = m_arrays.at("J_regressor").toFloats();
    std::vector<float> wide(std::size_t(kBodyVertices) * kJoints, 0.f);
    std::vector<float> rows(std::size_t(kJoints) * kBodyVertices, 0.f);
    std::copy_n(regressor.begin(), 22 * kBodyVertices, rows.begin());
    std::vector<std::int64_t> tree(2 * kJoints);
    for (int j = 0; j < kJoints; ++j) {
        tree[j] = j == 0 ? 4294967295LL : j < 22 ? m_body.parents[j] : j < 37 ? 20 : 21;
        tree[kJoints + j] = j;
        if (j >= 22)
            std::copy_n(regressor.begin() + (j < 37 ? 22 : 23) * kBodyVertices, kBodyVertices,
                        rows.begin() + std::size_t(j) * kBodyVertices);
    }
    for (int v = 0; v < kBodyVertices; ++v) {
        std::copy_n(weights.begin() + v * 24, 22, wide.begin() + std::size_t(v) * kJoints);
        for (int f = 0; f < 15; ++f) {
            wide[std::size_t(v) * kJoints + 22 + f] = weights[v * 24 + 22] / 15.f;
            wide[std::size_t(v) * kJoints + 37 + f] = weights[v * 24 + 23] / 15.f;
        }
    }
    const auto dirs = m_arrays.at("posedirs").toFloats();
    std::vector<float> wideDirs(std::size_t(kBodyVertices) * 3 * 459, 0.f);
    for (int row = 0; row < kBodyVertices * 3; ++row)
        std::copy_n(dirs.begin() + std::size_t(row) * 207, 207,
                    wideDirs.begin() + std::size_t(row) * 459);
    ArrayMap arrays{{"v_template", m_arrays.at("v_template")},
                    {"shapedirs", m_arrays.at("shapedirs")},
                    {"f", m_arrays.at("faces")},
                    {"weights", Array::of({kBodyVertices, kJoints}, wide)},
                    {"J_regressor", Array::of({kJoints, kBodyVertices}, rows)},
                    {"kintree_table", Array::of({2, kJoints}, tree)},
                    {"posedirs", Array::of({kBodyVertices, 3, 459}, wideDirs)}};
    const auto body = bodyFromArrays(arrays, "made.npz");
    QVERIFY2(body, body ? "" : body.error().message.c_str());
    QCOMPARE(body->name, std::string("smplh"));
    QCOMPARE(body->parents[23], 21);
    QVERIFY(glm::distance(body->jointTemplate[22], m_body.jointTemplate[22]) < 1e-4f);

    BodyPose pose = randomPose(5, 0.4f);
    pose.rotations[22] = pose.rotations[23] = glm::vec3(0.f);
    std::vector<glm::vec3> a(kBodyVertices), b(kBodyVertices);
    ShapedBody(*body, {}).pose(pose, a, {});
    ShapedBody(m_body, {}).pose(pose, b, {});
    for (int v = 0; v < kBodyVertices; ++v)
        QVERIFY(glm::distance(a[v], b[v]) < 1e-5f);
}

void TestBodyModel::anSmplPickleLoads() {
    PickleWriter writer;
    for (const char* name :
         {"v_template", "shapedirs", "posedirs", "weights", "J_regressor", "kintree_table"})
        writer.array(name, m_arrays.at(name));
    writer.array("f", m_arrays.at("faces"));
    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString() + "/SMPL_NEUTRAL.pkl";
    QVERIFY(writeFileAtomically(path, writer.finish()));
    const auto body = loadBody(path, &m_body);
    QVERIFY2(body, body ? "" : body.error().message.c_str());
    QCOMPARE(body->name, std::string("smpl"));
    QCOMPARE(body->parents, m_body.parents);
    QCOMPARE(body->mirrorIndex, m_body.mirrorIndex);
    QCOMPARE(body->uvFaces.size(), m_body.faces.size());
    for (int v = 0; v < kBodyVertices; ++v)
        QVERIFY(body->vTemplate[v] == m_body.vTemplate[v]);
    const auto bare = loadBody(path);
    QVERIFY(bare);
    QVERIFY(bare->uvFaces.empty());
    QVERIFY(bare->aPose[16].z < -0.5f && bare->aPose[17].z > 0.5f);
}

void TestBodyModel::aBorrowedAtlasEqualsTheOneItCameFrom() {
    BodyModel bare = m_body;
    bare.uvFaces.clear();
    bare.uvVertices.clear();
    bare.partLabels.clear();
    borrowAppearance(bare, m_body);
    int same = 0;
    for (std::size_t f = 0; f < bare.faces.size(); ++f)
        same += bare.uvFaces[f] == m_body.uvFaces[f];
    // A face may have a tighter triangle across a seam than its own.
    QVERIFY2(same > 0.96 * bare.faces.size(), qPrintable(QString::number(same)));
    QCOMPARE(bare.partLabels, m_body.partLabels);
}

void TestBodyModel::damagedArraysAreRefused_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"nan", "face", "tree", "short", "joints", "missing"})
        QTest::newRow(kind) << kind;
}

void TestBodyModel::damagedArraysAreRefused() {
    QFETCH(const QString, kind);
    ArrayMap arrays = m_arrays;
    if (kind == "nan") {
        auto v = arrays["v_template"].toFloats();
        v[100] = std::numeric_limits<float>::quiet_NaN();
        arrays["v_template"] = Array::of({kBodyVertices, 3}, v);
    } else if (kind == "face") {
        auto f = arrays["faces"].toInts();
        f[7] = kBodyVertices;
        arrays["faces"] = Array::of({13776, 3}, f);
    } else if (kind == "tree") {
        auto t = arrays["kintree_table"].toInts();
        t[3] = 5;
        arrays["kintree_table"] = Array::of({2, 24}, t);
    } else if (kind == "short") {
        arrays["v_template"] = Array::of({10, 3}, std::vector<float>(30, 0.f));
    } else if (kind == "joints") {
        arrays["weights"] =
            Array::of({kBodyVertices, 7}, std::vector<float>(kBodyVertices * 7, 0.1f));
    } else {
        arrays.erase("posedirs");
    }
    const auto body = bodyFromArrays(arrays, "hurt.npz");
    QVERIFY(!body);
    QVERIFY2(body.error().message.find("hurt.npz") != std::string::npos,
             body.error().message.c_str());
}

void TestBodyModel::aMissingFileIsNamed() {
    const auto body = loadBody("/nowhere/body.npz");
    QVERIFY(!body);
    QVERIFY(body.error().message.find("body.npz") != std::string::npos);
}

void TestBodyModel::rotationsSurviveTheRoundTrip() {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> uniform(-1.f, 1.f);
    for (int i = 0; i < 500; ++i) {
        glm::vec3 axis =
            glm::normalize(glm::vec3(uniform(random), uniform(random), uniform(random)));
        const float angle = i % 5 == 0   ? 3.14159f
                            : i % 5 == 1 ? 1e-5f
                                         : 3.1f * std::abs(uniform(random));
        const glm::mat3 there = rotationOf(axis * angle);
        const glm::mat3 back = rotationOf(axisAngleOf(there));
        for (int c = 0; c < 3; ++c)
            QVERIFY(glm::distance(there[c], back[c]) < 2e-6f);
        QVERIFY(glm::distance(nearestRotation(there * 1.3f)[0], there[0]) < 1e-5f);
    }
}

void TestBodyModel::posingSpeed() {
    const ShapedBody shaped(m_body, {});
    std::vector<glm::vec3> vertices(kBodyVertices);
    const BodyPose pose = randomPose(9, 0.4f);
    QBENCHMARK { shaped.pose(pose, vertices, {}); }
    QVERIFY(std::isfinite(vertices[0].x));
}

QTEST_GUILESS_MAIN(TestBodyModel)
#include "test_body_model.moc"
