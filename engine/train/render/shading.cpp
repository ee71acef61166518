// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/shading.h"

#include "engine/train/render/noise.h"

#include <algorithm>
#include <cmath>

namespace strata {

glm::vec3 skyRadiance(const Lighting& light, const glm::vec3& direction) {
    const float up = std::max(0.f, direction.y);
    const glm::vec3 clear = glm::mix(light.horizon, light.zenith, std::pow(up, 0.55f));
    if (direction.y < 0)
        return glm::mix(light.horizon, light.ground, std::min(1.f, -direction.y * 8));
    // Clouds on a plane high above.
    const glm::vec3 p = direction / (up + 0.18f);
    const float density =
        bandLimitedNoise({p.x * 1.3f, 3.7f, p.z * 1.3f}, 1.f, 0.004f, 5) + light.clouds - 0.5f;
    const float cover = glm::smoothstep(-0.05f, 0.55f, density);
    const glm::vec3 cloud = glm::mix(light.horizon * 1.12f, light.horizon * 0.8f, cover * 0.6f);
    return glm::mix(clear, cloud, cover * 0.85f);
}

float skyVisibility(std::span<const AmbientBlocker> blockers, const glm::vec3& position,
                    const glm::vec3& normal) {
    float visible = 1;
    for (const auto& ball : blockers) {
        const glm::vec3 to = ball.centre - position;
        const float distance2 = glm::dot(to, to);
        const float reach = ball.radius * 6;
        if (distance2 > reach * reach)
            continue;
        // Form factor of a sphere over a plane, faded out at the reach.
        const float distance = std::sqrt(std::max(distance2, 1e-8f));
        const float cosine = std::max(0.f, glm::dot(to, normal) / distance);
        const float factor = std::min(1.f, ball.radius * ball.radius / distance2) * cosine;
        visible *= 1 - 0.9f * factor * (1 - distance / reach);
    }
    return visible;
}

glm::vec3 reflectedRadiance(const Lighting& light, const Surface& surface, const glm::vec3& normal,
                            const glm::vec3& toEye, float sun, float ambient) {
    const glm::vec3 toSun = glm::normalize(light.toSun);
    const float facing = glm::dot(normal, toSun);
    const float wrapped = std::max(0.f, (facing + surface.wrap) / (1 + surface.wrap));
    const glm::vec3 sky = glm::mix(light.zenith, light.horizon, 0.5f + 0.3f * light.clouds);
    const float up = 0.5f + 0.5f * normal.y;
    const glm::vec3 around = glm::mix(light.ground, sky, up * up * (3 - 2 * up)) * ambient;
    // Light reflected by the sunlit ground and walls also comes from the side.
    glm::vec3 out = surface.albedo * (light.sun * (wrapped * sun) + around);
    const glm::vec3 half = glm::normalize(toSun + toEye);
    const float fresnel =
        surface.specular +
        (1 - surface.specular) * std::pow(1 - std::max(0.f, glm::dot(half, toEye)), 5.f);
    const float lobe =
        std::pow(std::max(0.f, glm::dot(normal, half)), surface.gloss) * (surface.gloss + 8) / 25.f;
    if (facing > 0)
        out += light.sun * (fresnel * lobe * facing * sun);
    const float grazing = std::pow(1 - std::max(0.f, glm::dot(normal, toEye)), 5.f);
    const float mirror =
        surface.specular + (1 - surface.specular) * grazing * std::min(1.f, surface.gloss / 128);
    out += around * (mirror * 0.6f);
    return out;
}

} // namespace strata
