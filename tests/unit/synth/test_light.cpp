// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/color_tables.h"
#include "engine/synth/light.h"

#include <QTest>

#include <cmath>

using namespace strata;

namespace {

std::vector<ShadingSample> sphere(const SceneLight& light, bool dirt) {
    std::vector<ShadingSample> samples;
    for (int i = 0; i < 4000; ++i) {
        // Evenly spread over the half that faces the camera.
        const float z = -(float(i) + 0.5f) / 4000.f;
        const float angle = 2.399963f * float(i), r = std::sqrt(1.f - z * z);
        const glm::vec3 n(r * std::cos(angle), r * std::sin(angle), z);
        const int group = i % 3;
        const glm::vec3 albedo(0.2f + 0.2f * float(group));
        glm::vec3 color = albedo * light.shade(n);
        if (dirt && i % 11 == 0)
            color *= 0.1f; // a print
        samples.push_back({n, color, 1.f, group});
    }
    return samples;
}

} // namespace

class TestLight : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knownLightIsRecoveredFromShading() {
        SceneLight light = SceneLight::flat();
        light.sh[1] = glm::vec3(-0.5f);
        light.sh[3] = glm::vec3(0.6f, 0.5f, 0.3f);
        light.sh[4] = glm::vec3(0.1f);
        for (const bool dirt : {false, true}) {
            const SceneLight found = lightFromShading(sphere(light, dirt), 3);
            const float scale = light.shade({0, 0, -1}).g / found.shade({0, 0, -1}).g;
            for (const glm::vec3 n : {glm::vec3(0.7f, 0, -0.714f), glm::vec3(-0.7f, 0, -0.714f),
                                      glm::vec3(0, -0.7f, -0.714f), glm::vec3(0, 0.7f, -0.714f)}) {
                const float want = light.shade(n).g, have = found.shade(n).g * scale;
                QVERIFY2(std::abs(have - want) < 0.06f * want + 0.03f,
                         qPrintable(QString("%1 instead of %2").arg(have).arg(want)));
            }
            QVERIFY(found.mainDirection().x > 0.4f && found.mainDirection().y < -0.4f);
        }
    }

    void surfacesThatFaceTheCameraAreLitByOneWhateverIsSeen() {
        SceneLight light = SceneLight::flat();
        light.sh[1] = glm::vec3(-0.4f);
        light.sh[3] = glm::vec3(0.5f);
        std::vector<ShadingSample> all = sphere(light, false), left;
        for (const auto& sample : all)
            if (sample.normal.x < 0.2f)
                left.push_back(sample);
        const glm::vec3 ahead(0, 0, -1);
        const float whole = lightFromShading(all, 3).shade(ahead).g;
        const float half = lightFromShading(left, 3).shade(ahead).g;
        QVERIFY2(std::abs(whole - 1.f) < 0.05f && std::abs(half - whole) < 0.05f,
                 qPrintable(QString("%1, %2").arg(whole).arg(half)));
    }

    void lightChangesDarkTonesMoreThanBrightOnes() {
        const auto gain = [](float shown) {
            return shaded(glm::vec3(shown), glm::vec3(0.7f)).g / shown;
        };
        QVERIFY(std::abs(shaded(glm::vec3(0.3f), glm::vec3(1.f)).g - 0.3f) < 1e-4f);
        QVERIFY(gain(0.03f) < 0.65f && gain(0.6f) > 0.75f);
    }

    void aBrightPlateDoesNotBrightenWhatTheCameraIsSetFor() {
        const auto exposure = [](std::uint8_t level) {
            const ImageU8 plate(40, 40, 3, level);
            LightEstimator estimator;
            estimator.add({.plate = &plate});
            return estimator.estimate().exposure;
        };
        QCOMPARE(exposure(240), exposure(160));
        QVERIFY(exposure(60) < 0.85f * exposure(160));
    }

    void aWarmPlateMakesWarmLightAndADarkOneDarkens() {
        ImageU8 warm(40, 40, 3, 60);
        for (int i = 0; i < 40 * 40; ++i)
            warm.data()[3 * i] = 90;
        LightEstimator estimator;
        estimator.add({.plate = &warm});
        const SceneLight light = estimator.estimate();
        QVERIFY(light.balance.r > light.balance.b * 1.05f);
        QVERIFY(light.exposure < 1.f);
    }

    void withoutFramesTheLightIsNeutral() {
        const SceneLight light = LightEstimator().estimate();
        QCOMPARE(light.exposure, 1.f);
        QVERIFY(light.shade({0, 0, -1}).r > 0.8f);
    }
};

QTEST_GUILESS_MAIN(TestLight)
#include "test_light.moc"
