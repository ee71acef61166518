// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/canonical.h"
#include "engine/synth/color_tables.h"
#include "engine/synth/head_map.h"
#include "engine/synth/identity.h"
#include "engine/synth/matte_tools.h"
#include "engine/synth/mesh_synthesizer.h"
#include "engine/synth/render_mesh.h"
#include "tests/unit/synth/installed_body.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

using namespace strata;

namespace {

const BodyModel& model() { return test::installedBody(); }

/// A person in a pose before a camera, without light.
HumanLayer drawn(const Identity& identity, const Camera& camera, const BodyPose& pose) {
    MeshRenderOptions options;
    options.unlit = true;
    auto synthesizer = MeshSynthesizer::create(model(), identity, options);
    if (!synthesizer)
        qFatal("%s", synthesizer.error().message.c_str());
    return synthesizer->renderFrame({.camera = camera, .pose = pose});
}

/// In the A-pose, turned round by this much.
HumanLayer turned(const Identity& identity, int width, int height, float turn) {
    return drawn(identity, canonicalCamera(ShapedBody(model(), {}), width, height, turn),
                 canonicalPose(model()));
}

/// The bare body with this texture before a green wall.
PictureSubject pictured(const ImageU8& texture, int width, int height) {
    Identity identity;
    identity.displacement.assign(kBodyVertices, glm::vec3(0.f));
    identity.softness.assign(kBodyVertices, 0.f);
    identity.texture = texture;
    identity.confidence = ImageU8(512, 512, 1, 255);
    PictureSubject subject;
    subject.pose = canonicalPose(model());
    subject.camera = canonicalCamera(ShapedBody(model(), {}), width, height);
    const ImageF rgba = toFrame(drawn(identity, subject.camera, subject.pose));
    subject.rgb = ImageU8(width, height, 3);
    subject.alpha = ImageF(width, height, 1);
    const glm::vec3 wall(0.f, 1.f, 0.f);
    for (std::size_t i = 0; i < subject.alpha.count(); ++i) {
        const float* p = rgba.data() + 4 * i;
        subject.alpha.data()[i] = p[3];
        for (int c = 0; c < 3; ++c)
            subject.rgb.data()[3 * i + std::size_t(c)] =
                linearToSrgb8(p[c] * p[3] + wall[c] * (1.f - p[3]));
    }
    return subject;
}

/// In soft colours.
PictureSubject painted() {
    ImageU8 texture(512, 512, 3);
    for (int y = 0; y < 512; ++y)
        for (int x = 0; x < 512; ++x) {
            texture.at(x, y, 0) = std::uint8_t(150 + 50 * std::sin(x * 0.05));
            texture.at(x, y, 1) = 90;
            texture.at(x, y, 2) = std::uint8_t(120 + 50 * std::sin(y * 0.04));
        }
    return pictured(texture, 420, 560);
}

/// In the colour of skin, in a small picture, with short dark hair that shows as a narrow rim at
/// the top of the head.
PictureSubject skinned(bool hair) {
    ImageU8 texture(512, 512, 3);
    for (std::size_t i = 0; i < texture.count(); i += 3) {
        texture.data()[i] = 215;
        texture.data()[i + 1] = 160;
        texture.data()[i + 2] = 130;
    }
    PictureSubject subject = pictured(texture, 150, 200);
    int top = 0, left = 150, right = 0;
    while (*std::max_element(&subject.alpha.at(0, top), &subject.alpha.at(0, top) + 150) < 0.95f)
        ++top;
    for (int x = 0; x < 150; ++x) // the head, some rows below
        if (subject.alpha.at(x, top + 8) > 0.95f) {
            left = std::min(left, x);
            right = std::max(right, x);
        }
    for (int x = left; x <= right && hair; ++x)
        for (int y = top, rows = 0; y < top + 10 && rows < 2; ++y)
            if (subject.alpha.at(x, y) > 0.5f) {
                ++rows;
                for (int c = 0; c < 3; ++c)
                    subject.rgb.at(x, y, c) = 25;
            }
    return subject;
}

/// Grey, and blue between two heights above the soles.
ImageU8 blueBand(float low, float high) {
    ImageU8 texture(512, 512, 3, 140);
    float sole = 1e9f;
    for (const auto& v : model().vTemplate)
        sole = std::min(sole, v.y);
    for (std::size_t f = 0; f < model().faces.size(); ++f) {
        constexpr int kSteps = 24;
        for (int i = 0; i <= kSteps; ++i)
            for (int j = 0; i + j <= kSteps; ++j) {
                const glm::vec3 weights =
                    glm::vec3(float(i), float(j), float(kSteps - i - j)) / float(kSteps);
                float height = -sole;
                glm::vec2 at(0.f);
                for (int k = 0; k < 3; ++k) {
                    height += weights[k] * model().vTemplate[model().faces[f][k]].y;
                    at += weights[k] * model().uvVertices[model().uvFaces[f][k]];
                }
                if (height < low || height >= high)
                    continue;
                const std::uint8_t blue[3] = {20, 30, 200};
                std::copy_n(blue, 3,
                            texture.pixel(std::clamp(int(at.x * 512), 0, 511),
                                          std::clamp(int((1 - at.y) * 512), 0, 511)));
            }
    }
    return texture;
}

bool isBlue(const ImageF& rgba, int x, int y) {
    return rgba.at(x, y, 3) > 0.99f && rgba.at(x, y, 2) > 4.f * rgba.at(x, y, 0);
}

/// Mean row of what is blue between two columns.
double blueRow(const ImageF& rgba, int first, int last) {
    double sum = 0, count = 0;
    for (int y = 0; y < rgba.height(); ++y)
        for (int x = first; x < last; ++x)
            if (isBlue(rgba, x, y)) {
                sum += y;
                count += 1;
            }
    return sum / std::max(count, 1.0);
}

/// The colours as they are in the picture.
Identity builtFrom(const PictureSubject& subject) {
    auto built = buildIdentity(model(), subject, {.textureSize = 1024, .shadingRemoval = 0.f});
    if (!built)
        qFatal("%s", built.error().message.c_str());
    return std::move(*built);
}

/// painted() with cloth between the outermost pixels of the legs down to the row `bottom`, but for
/// `gap(row)` pixels on either side of their middle.
template <typename Gap>
PictureSubject clothed(int bottom, Gap&& gap) {
    PictureSubject subject = painted();
    for (int y = 280; y < bottom; ++y) {
        int first = 420, last = -1;
        for (int x = 120; x < 300; ++x)
            if (subject.alpha.at(x, y) > 0.5f) {
                first = std::min(first, x);
                last = x;
            }
        for (int x = first; x <= last; ++x)
            if (std::abs(x - (first + last) / 2) >= gap(y))
                subject.alpha.at(x, y) = 1.f;
    }
    return subject;
}

PictureSubject skirted(int bottom) {
    return clothed(bottom, [](int) { return 0; });
}

const Identity& rebuilt() {
    static const Identity identity = [] {
        IdentityOptions options;
        options.textureSize = 1024;
        options.shadingRemoval = 0.f;
        auto built = buildIdentity(model(), painted(), options);
        if (!built)
            qFatal("%s", built.error().message.c_str());
        return std::move(*built);
    }();
    return identity;
}

} // namespace

class TestIdentity : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePictureIsSeenAgainInItsOwnView() {
        const PictureSubject subject = painted();
        const ImageF again = toFrame(drawn(rebuilt(), subject.camera, subject.pose));
        double error = 0, difference = 0, inside = 0;
        for (std::size_t i = 0; i < subject.alpha.count(); ++i) {
            difference += std::abs(again.data()[4 * i + 3] - subject.alpha.data()[i]);
            if (subject.alpha.data()[i] < 0.99f || again.data()[4 * i + 3] < 0.99f)
                continue;
            for (std::size_t c = 0; c < 3; ++c)
                error += std::abs(int(linearToSrgb8(again.data()[4 * i + c])) -
                                  int(subject.rgb.data()[3 * i + c]));
            inside += 1;
        }
        QVERIFY2(error / (3 * inside) < 5.0, qPrintable(QString::number(error / (3 * inside))));
        QVERIFY2(difference / inside < 0.06, qPrintable(QString::number(difference / inside)));
    }

    void nothingOfTheWallIsOnTheBody() {
        for (const float turn : {0.f, 1.6f, 3.14f}) {
            const HumanLayer layer = turned(rebuilt(), 300, 400, turn);
            double seen = 0, green = 0, dark = 0;
            for (std::size_t i = 0; i < layer.rgba.count(); i += 4) {
                const float* p = layer.rgba.data() + i;
                if (p[3] < 0.5f)
                    continue;
                seen += 1;
                green += p[1] > 0.2f;        // the paint's green is 0.1 in linear light
                dark += p[0] + p[2] < 0.02f; // a hole
            }
            QVERIFY(seen > 3000);
            QVERIFY2(green < 0.002 * seen, qPrintable(QString::number(green / seen)));
            QVERIFY2(dark < 0.002 * seen, qPrintable(QString::number(dark / seen)));
        }
    }

    void shortHairGoesOnBehindTheHead() {
        double green[2] = {}; // linear, of the upper part of the head from behind
        for (const bool hair : {false, true}) {
            const auto built = buildIdentity(model(), skinned(hair), {.textureSize = 512});
            QVERIFY(bool(built));
            const ImageF behind = toFrame(turned(*built, 300, 400, 3.14159f));
            double sum = 0;
            int count = 0;
            for (std::size_t i = 0; i < behind.count() && count < 150; i += 4) // from the top
                if (behind.data()[i + 3] > 0.99f) {
                    sum += double(behind.data()[i + 1]);
                    ++count;
                }
            green[hair] = sum / count;
        }
        QVERIFY2(green[false] > 0.2, qPrintable(QString::number(green[false]))); // bald
        QVERIFY2(green[true] < 0.3 * green[false], qPrintable(QString::number(green[true])));
    }

    void theBodyIsNoWiderThanASmallPictureShowsIt() {
        const PictureSubject subject = skinned(false);
        const auto built = buildIdentity(model(), subject, {.textureSize = 512});
        QVERIFY(bool(built));
        const ImageF again = toFrame(drawn(*built, subject.camera, subject.pose));
        double wanted = 0, covered = 0;
        for (std::size_t i = 0; i < subject.alpha.count(); ++i) {
            wanted += subject.alpha.data()[i];
            covered += again.data()[4 * i + 3];
        }
        QVERIFY2(std::abs(covered / wanted - 1) < 0.03,
                 qPrintable(QString::number(covered / wanted)));
    }

    void brightSleevesDoNotShineOnDarkTrousers() {
        ImageF color(60, 60, 3), known(60, 60, 1);
        for (int y = 0; y < 60; ++y)
            for (int x = 0; x < 60; ++x) {
                const bool sleeve = x < 20, trousers = x >= 28 && x < 34;
                known.at(x, y) = sleeve || trousers ? 1.f : 0.f;
                for (int c = 0; c < 3; ++c)
                    color.at(x, y, c) = sleeve ? 0.9f : trousers ? 0.01f : 0.5f;
            }
        fillUnknown(color, known);
        for (int y = 0; y < 60; ++y)
            for (const int x : {25, 26, 27, 34, 35, 36})
                QVERIFY2(std::abs(color.at(x, y, 0) - 0.01f) < 1e-4f,
                         qPrintable(QString::number(color.at(x, y, 0))));
        QVERIFY(color.at(55, 30, 0) > 0.f && color.at(55, 30, 0) < 0.9f); // far away: a mixture
    }

    void heelsAreOfTheShoesColour() {
        const Identity built = builtFrom(pictured(blueBand(0.f, 0.05f), 420, 560));
        const ImageF behind = toFrame(turned(built, 420, 560, 3.14159f));
        int lowest = 0;
        for (int y = 0; y < 560; ++y)
            for (int x = 0; x < 420; ++x)
                if (behind.at(x, y, 3) > 0.99f)
                    lowest = y;
        double blue = 0, all = 0;
        for (int y = lowest - 12; y < lowest - 1; ++y)
            for (int x = 0; x < 420; ++x)
                if (behind.at(x, y, 3) > 0.99f) {
                    all += 1;
                    blue += isBlue(behind, x, y);
                }
        QVERIFY(all > 50);
        QVERIFY2(blue > 0.75 * all, qPrintable(QString::number(blue / all)));
    }

    void aBandGoesRoundTheLegAtOneHeight() {
        const ImageU8 garters = blueBand(0.25f, 0.35f);
        const PictureSubject subject = pictured(garters, 420, 560);
        const Camera behind = canonicalCamera(ShapedBody(model(), {}), 420, 560, 3.14159f);
        Identity truth = rebuilt();
        truth.displacement.assign(kBodyVertices, glm::vec3(0.f));
        truth.texture = garters;
        const double wanted = blueRow(toFrame(drawn(truth, behind, subject.pose)), 0, 420);
        const double got =
            blueRow(toFrame(drawn(builtFrom(subject), behind, subject.pose)), 0, 420);
        QVERIFY2(std::abs(got - wanted) < 1.0, qPrintable(QString::number(got - wanted)));
    }

    void aWideSeatDoesNotDragThePrintAlong() {
        PictureSubject subject = pictured(blueBand(0.92f, 0.98f), 420, 560);
        const double wanted =
            blueRow(toFrame(drawn(builtFrom(subject), subject.camera, subject.pose)), 190, 230);
        const auto gap = [](int y) { return std::max(0, y - 330) / 4; };
        subject.alpha = clothed(400, gap).alpha;
        const double got =
            blueRow(toFrame(drawn(builtFrom(subject), subject.camera, subject.pose)), 190, 230);
        QVERIFY2(std::abs(got - wanted) < 0.7, qPrintable(QString::number(got - wanted)));
    }

    void aWiderMatteMakesAWiderBodyOnBothSides() {
        PictureSubject subject = painted();
        // A coat: the matte of the trunk's rows grows by 12 px on either side.
        ImageF wide = subject.alpha;
        for (int y = 180; y < 270; ++y)
            for (int x = 140; x < 280; ++x)
                for (int d = -12; d <= 12; ++d)
                    if (x + d >= 140 && x + d < 280)
                        wide.at(x, y) = std::max(wide.at(x, y), subject.alpha.at(x + d, y));
        subject.alpha = wide;
        const auto coat = buildIdentity(model(), subject, {.textureSize = 512});
        QVERIFY(bool(coat));
        double plain = 0, worn = 0;
        int count = 0;
        for (std::size_t v = 0; v < kBodyVertices; ++v) {
            const glm::vec3& p = model().vTemplate[v];
            if (model().bones[v][0] != 3 && model().bones[v][0] != 6)
                continue;
            if (std::abs(p.x) < 0.09f)
                continue;
            plain += std::abs(p.x + rebuilt().displacement[v].x) - std::abs(p.x);
            worn += std::abs(p.x + coat->displacement[v].x) - std::abs(p.x);
            ++count;
        }
        QVERIFY(count > 20);
        QVERIFY2(std::abs(plain / count) < 0.006, qPrintable(QString::number(plain / count)));
        QVERIFY2(worn / count > 0.012, qPrintable(QString::number(worn / count)));
    }

    void clothBetweenTheLegsBecomesASkirt() {
        QVERIFY(rebuilt().cloth.faces.empty());
        const auto dressed = buildIdentity(model(), skirted(440), {.textureSize = 512});
        QVERIFY(bool(dressed));
        QVERIFY(dressed->cloth.faces.size() > 500);
        float hem = 1e9f;
        for (const auto& v : dressed->cloth.vertices)
            hem = std::min(hem, v.y);
        QVERIFY2(hem < -0.6f && hem > -1.05f, qPrintable(QString::number(hem)));
    }

    void aShortSkirtIsKnownByItsHem() {
        // A band of cloth across the thighs that ends all at once above the knees, and trousers
        // whose gap opens slowly.
        const auto skirt = buildIdentity(model(), skirted(356), {.textureSize = 512});
        const auto wide = clothed(380, [](int y) { return std::max(0, y - 340) / 8; });
        const auto trousers = buildIdentity(model(), wide, {.textureSize = 512});
        QVERIFY(skirt && trousers);
        QVERIFY(skirt->cloth.faces.size() > 300);
        QVERIFY(trousers->cloth.faces.empty());
    }

    void aSkirtGoesOverAThighThatIsLifted() {
        const auto dressed = buildIdentity(model(), skirted(440), {.textureSize = 512});
        QVERIFY(dressed && !dressed->cloth.faces.empty());
        const RenderMesh mesh(model(), *dressed);
        BodyPose pose;
        pose.rotations[1] = {-0.8f, 0.f, 0.f};
        std::vector<glm::vec3> joints(kBodyJoints);
        mesh.body().pose(pose, {}, joints);
        const LegCones legs(mesh.body());
        const auto posed = mesh.posed(pose);
        for (std::size_t v = 0; v < dressed->cloth.vertices.size(); ++v) {
            glm::vec3 at = posed[kBodyVertices + v];
            const glm::vec3 before = at;
            legs.pushOut(at, legs.room(dressed->cloth.vertices[v]), joints, 0.01f);
            QVERIFY2(glm::distance(at, before) < 0.02f,
                     qPrintable(QString::number(glm::distance(at, before))));
        }
    }

    void hairIsAsThickBehindAsAbove() {
        const ShapedBody body(model(), {});
        const HeadMap head = mapHead(body);
        const auto behind = [&](const Identity& identity) {
            float sum = 0;
            int count = 0;
            for (std::size_t v = 0; v < kBodyVertices; ++v)
                if (head.scalp[v] > 0.9f && body.restVertices()[v].z < head.joint.z - 0.04f) {
                    sum -= identity.displacement[v].z;
                    ++count;
                }
            return count > 20 ? sum / float(count) : 0.f;
        };
        PictureSubject subject = skinned(true);
        const auto plain = buildIdentity(model(), subject, {.textureSize = 512});
        QVERIFY(bool(plain));
        int top = 0; // the outline of the upper head grows by four pixels, four centimetres
        while (*std::max_element(&subject.alpha.at(0, top), &subject.alpha.at(0, top) + 150) <
               0.95f)
            ++top;
        for (int ring = 0; ring < 4; ++ring) {
            const ImageF before = subject.alpha;
            for (int y = top - ring - 1; y < top + 10; ++y)
                for (int x = 1; x < 149; ++x)
                    if (before.at(x, y) < 0.95f &&
                        std::max({before.at(x - 1, y), before.at(x + 1, y), before.at(x, y - 1),
                                  before.at(x, y + 1)}) > 0.95f) {
                        subject.alpha.at(x, y) = 1.f;
                        std::fill_n(subject.rgb.pixel(x, y), 3, std::uint8_t(25));
                    }
        }
        const auto thick = buildIdentity(model(), subject, {.textureSize = 512});
        QVERIFY(bool(thick));
        qInfo("hair behind: %.1f and %.1f mm", 1000 * double(behind(*plain)),
              1000 * double(behind(*thick)));
        QVERIFY(behind(*plain) > 0.006f && behind(*plain) < 0.02f);
        QVERIFY(behind(*thick) > behind(*plain) + 0.004f);
    }

    void aSavedIdentityComesBackTheSame() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("one.npz").toStdString();
        Identity identity = rebuilt();
        identity.cloth.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
        identity.cloth.bones.assign(3, {1, 2, 0, 0});
        identity.cloth.boneWeights.assign(3, {0.5f, 0.5f, 0.f, 0.f});
        identity.cloth.faces = {{0, 1, 2}};
        identity.cloth.uvVertices = {{0, 0}, {1, 0}, {0, 1}};
        identity.cloth.uvFaces = {{2, 1, 0}};
        QVERIFY(bool(saveIdentity(file, identity)));
        const auto back = loadIdentity(file);
        QVERIFY2(bool(back), back ? "" : back.error().message.c_str());
        QVERIFY(back->texture == identity.texture);
        QVERIFY(back->confidence == identity.confidence);
        QVERIFY(back->displacement == identity.displacement);
        QVERIFY(back->softness == identity.softness);
        QVERIFY(back->betas == identity.betas);
        QVERIFY(back->cloth.faces == identity.cloth.faces);
        QVERIFY(back->cloth.uvFaces == identity.cloth.uvFaces);
        QCOMPARE(back->personHeightPx, identity.personHeightPx);

        identity.cloth.faces = {{0, 1, 9}};
        QVERIFY(bool(saveIdentity(file, identity)));
        QVERIFY(!loadIdentity(file)); // an index outside its mesh
    }

    void aMatteWithoutAPersonIsRefused() {
        PictureSubject subject = painted();
        std::fill(subject.alpha.data(), subject.alpha.data() + subject.alpha.count(), 0.f);
        const auto built = buildIdentity(model(), subject);
        QVERIFY(!built);
        QVERIFY(built.error().code == ErrorCode::NothingToDo);
    }

    void aPersonOutOfSightGivesAnEmptyLayer() {
        auto synthesizer = MeshSynthesizer::create(model(), rebuilt());
        FrameRequest request;
        request.camera = canonicalCamera(ShapedBody(model(), {}), 320, 240);
        request.pose = canonicalPose(model());
        request.pose.translation.x = 100.f;
        const HumanLayer layer = synthesizer->renderFrame(request);
        QVERIFY(layer.region.empty());
        QCOMPARE(toFrame(layer).count(), std::size_t(320 * 240 * 4));
    }

    void aFastMovementIsBlurred() {
        auto synthesizer = MeshSynthesizer::create(model(), rebuilt());
        FrameRequest request;
        request.camera = canonicalCamera(ShapedBody(model(), {}), 320, 240);
        request.pose = canonicalPose(model());
        const auto partly = [](const HumanLayer& layer) {
            int count = 0;
            for (std::size_t i = 3; i < layer.rgba.count(); i += 4)
                count += layer.rgba.data()[i] > 0.05f && layer.rgba.data()[i] < 0.95f;
            return count;
        };
        const int sharp = partly(synthesizer->renderFrame(request));
        request.nextPose = request.pose;
        request.nextPose->translation.x += 0.15f;
        QVERIFY(partly(synthesizer->renderFrame(request)) > 2 * sharp);
    }

    void theCanonicalPictureStandsOnWhite() {
        const auto picture = canonicalPicture(model(), rebuilt(), 256);
        QVERIFY(bool(picture));
        QCOMPARE(int(picture->at(2, 2, 1)), 255);
        QVERIFY(picture->at(128, 110, 1) < 140);
        QVERIFY(!canonicalPicture(model(), rebuilt(), 0));
    }
};

QTEST_GUILESS_MAIN(TestIdentity)
#include "test_identity.moc"
