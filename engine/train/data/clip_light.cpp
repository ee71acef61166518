// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_light.h"

#include "engine/core/tone_curve.h"
#include "engine/train/render/shading.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

constexpr float kGreyCard = 0.18f; // reflectance
constexpr float kUsualMean = 0.2f; // of a photo, in linear light
/// Exposure takes back a part of how bright a place is; the rest is seen in the picture.
constexpr float kLeftByExposure = 0.4f;
/// Places have colours of their own: half of a picture's cast is its light's.
constexpr float kCastOfLight = 0.5f;

float brightness(const glm::vec3& linear) {
    return glm::dot(linear, glm::vec3(0.2126f, 0.7152f, 0.0722f));
}

/// What a grey card before the camera sends to it: the mean of a few ways to hold it.
float cardRadiance(const Lighting& light) {
    Surface card;
    card.albedo = glm::vec3(kGreyCard);
    card.specular = 0.f;
    const glm::vec3 toEye(0, 0, 1);
    constexpr std::array<glm::vec3, 5> kWays{
        {{0, 0, 1}, {0.6f, 0, 0.8f}, {-0.6f, 0, 0.8f}, {0, 0.6f, 0.8f}, {0, -0.6f, 0.8f}}};
    float sum = 0;
    for (const glm::vec3& way : kWays)
        sum += brightness(reflectedRadiance(light, card, way, toEye, 1.f, 1.f));
    return sum / float(kWays.size());
}

/// The radiance that the display curve shows as bright as a grey card is.
float shownAsGreyCard() {
    float low = 0.f, high = 1.f;
    for (int i = 0; i < 30; ++i) {
        const float middle = 0.5f * (low + high);
        (filmic(middle) < kGreyCard ? low : high) = middle;
    }
    return high;
}

/// Mean linear colours of a picture's upper, middle and lower third, and of all of it.
std::array<glm::vec3, 4> meansOf(const BlockPicture& picture) {
    std::array<glm::vec3, 4> sums{};
    std::array<float, 4> counts{};
    const auto linear = [](std::uint8_t level) { return std::pow(float(level) / 255.f, 2.2f); };
    for (int y = 0; y < picture.blocksHigh; ++y)
        for (int x = 0; x < picture.blocksWide; ++x) {
            // The middle of a block's two colours is near enough to its mean.
            const std::uint8_t* block =
                &picture.bytes[(std::size_t(y) * picture.blocksWide + x) * picture.kBlockBytes];
            glm::vec3 color;
            for (int c = 0; c < 3; ++c)
                color[c] = 0.5f * (linear(block[c]) + linear(block[3 + c]));
            for (const std::size_t k : {std::size_t(3 * y / picture.blocksHigh), std::size_t(3)}) {
                sums[k] += color;
                counts[k] += 1;
            }
        }
    for (std::size_t k = 0; k < sums.size(); ++k)
        sums[k] /= std::max(counts[k], 1.f);
    return sums;
}

glm::vec3 castOf(const glm::vec3& mean) {
    const glm::vec3 color = glm::max(mean, glm::vec3(0.01f));
    return glm::pow(color / brightness(color), glm::vec3(kCastOfLight));
}

glm::vec3 tinted(const glm::vec3& light, const glm::vec3& cast) {
    return cast * (brightness(light) / brightness(cast));
}

} // namespace

Lighting evenLight() {
    Lighting light;
    light.toSun = {0.25f, 0.8f, 1.f};
    light.sun = glm::vec3(0.8f, 0.78f, 0.75f);
    light.zenith = light.horizon = glm::vec3(0.85f);
    light.ground = glm::vec3(0.6f);
    return light;
}

Lighting randomLighting(RandomStream& random, bool indoors) {
    Lighting l;
    const float height = random.uniform(0.35f, 1.5f);
    const float around = random.chance(0.75f)
                             ? random.uniform(-1.9f, 1.9f) // from the camera's side
                             : random.uniform(-3.14f, 3.14f);
    l.toSun = {std::sin(around), height, std::cos(around)};
    const float warm = random.uniform(-1.f, 1.f);
    const glm::vec3 tint(1.f + 0.12f * warm, 1.f, 1.f - 0.16f * warm);
    const float soft = random.uniform(); // 0 clear, 1 overcast
    l.sun = l.sun * tint * glm::mix(1.1f, 0.15f, soft);
    l.clouds = glm::mix(0.2f, 0.95f, random.uniform());
    const float sky = glm::mix(0.85f, 1.35f, soft);
    l.zenith *= sky;
    l.horizon *= sky;
    l.ground *= sky;
    if (indoors) {
        const glm::vec3 wall = glm::vec3(0.8f, 0.77f, 0.72f) * tint * sky;
        l.zenith = l.horizon = wall;
        l.ground = wall * 0.6f;
        l.toSun.y += 0.6f;
    }
    l.shadowSoftness = random.uniform(0.015f, 0.06f);
    return l;
}

float meteredExposure(const Lighting& light) {
    static const float wanted = shownAsGreyCard();
    return wanted / std::max(cardRadiance(light), 1e-3f);
}

float lightAsIn(const BlockPicture& photo, Lighting& light) {
    if (photo.empty())
        return 1.f;
    const auto [upper, middle, lower, all] = meansOf(photo);
    light.sun = tinted(light.sun, castOf(all));
    light.zenith = tinted(light.zenith, castOf(upper));
    light.horizon = tinted(light.horizon, castOf(middle));
    light.ground = tinted(light.ground, castOf(lower));
    return std::clamp(std::pow(brightness(all) / kUsualMean, kLeftByExposure), 0.55f, 1.3f);
}

} // namespace strata
