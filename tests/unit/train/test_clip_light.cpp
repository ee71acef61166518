// SPDX-License-Identifier: Apache-2.0
#include "engine/core/tone_curve.h"
#include "engine/train/data/clip_light.h"
#include "engine/train/render/shading.h"

#include <QTest>

#include <cmath>

using namespace strata;

namespace {

/// What a grey card that is held upright towards the camera comes to in the picture.
float shownCard(const Lighting& light, float exposure) {
    Surface card;
    card.albedo = glm::vec3(0.18f);
    card.specular = 0.f;
    const glm::vec3 ahead(0, 0, 1);
    const glm::vec3 sent = reflectedRadiance(light, card, ahead, ahead, 1.f, 1.f) * exposure;
    return 0.2126f * filmic(sent.x) + 0.7152f * filmic(sent.y) + 0.0722f * filmic(sent.z);
}

BlockPicture bands(const glm::ivec3& upper, const glm::ivec3& lower) {
    ImageU8 picture(48, 48, 3);
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 48; ++x)
            for (int c = 0; c < 3; ++c)
                picture.at(x, y, c) = std::uint8_t(y < 24 ? upper[c] : lower[c]);
    return BlockPicture::of(picture);
}

float brightness(const glm::vec3& c) { return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z; }

} // namespace

class TestClipLight : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void peopleAreExposedForWhateverTheLight() {
        // One card stands for the few that are metered: light from the side and from behind makes
        // a difference.
        double off = 0, unmetered = 0;
        for (std::uint64_t i = 0; i < 200; ++i) {
            RandomStream random(i);
            const Lighting light = randomLighting(random, i % 2 == 0);
            off += std::abs(std::log(shownCard(light, meteredExposure(light)) / 0.18f)) / 200;
            unmetered += std::abs(std::log(shownCard(light, 1.f) / 0.18f)) / 200;
        }
        qInfo("off by %.3f, unmetered by %.3f", off, unmetered);
        QVERIFY(off < 0.15 && off < 0.7 * unmetered);
        const Lighting even = evenLight();
        const float shown = shownCard(even, meteredExposure(even));
        QVERIFY2(std::abs(shown - 0.18f) < 0.02f, qPrintable(QString::number(shown)));
    }

    void twiceTheLightIsHalfTheExposure() {
        Lighting light = evenLight();
        const float once = meteredExposure(light);
        light.sun *= 2.f;
        light.zenith *= 2.f;
        light.horizon *= 2.f;
        light.ground *= 2.f;
        QVERIFY(std::abs(meteredExposure(light) - once / 2) < 1e-4f);
    }

    void aPhotoGivesItsColours() {
        Lighting light = evenLight();
        const Lighting before = light;
        lightAsIn(bands({90, 120, 220}, {120, 90, 40}), light);
        QVERIFY(light.zenith.z > 1.15f * light.zenith.x); // a blue sky
        QVERIFY(light.ground.x > 1.15f * light.ground.z); // brown earth
        QVERIFY(std::abs(brightness(light.zenith) / brightness(before.zenith) - 1.f) < 0.02f);
        QVERIFY(std::abs(brightness(light.ground) / brightness(before.ground) - 1.f) < 0.02f);
    }

    void peopleAreDarkerBeforeADarkPhoto() {
        Lighting light = evenLight();
        const float dark = lightAsIn(bands({50, 50, 50}, {40, 40, 40}), light);
        const float usual = lightAsIn(bands({124, 124, 124}, {124, 124, 124}), light);
        const float bright = lightAsIn(bands({220, 220, 220}, {240, 240, 240}), light);
        QVERIFY2(std::abs(usual - 1.f) < 0.03f, qPrintable(QString::number(usual)));
        QVERIFY(dark < 0.75f && bright > 1.2f);
        // A grey photo leaves the light without a colour.
        QVERIFY(std::abs(light.zenith.x / light.zenith.z - 1.f) < 0.02f);
    }
};

QTEST_GUILESS_MAIN(TestClipLight)
#include "test_clip_light.moc"
