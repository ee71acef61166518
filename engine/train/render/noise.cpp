// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/noise.h"

#include <cmath>

namespace strata {

float hash01(std::int32_t x, std::int32_t y, std::int32_t z) {
    std::uint32_t h = std::uint32_t(x) * 0x8da6b343u ^ std::uint32_t(y) * 0xd8163841u ^
                      std::uint32_t(z) * 0xcb1ab31fu;
    h ^= h >> 16;
    h *= 0x7feb352du;
    h ^= h >> 15;
    h *= 0x846ca68bu;
    h ^= h >> 16;
    return float(h >> 8) * (1.f / 16777216.f);
}

float valueNoise(const glm::vec3& p) {
    const glm::vec3 cell = glm::floor(p);
    const glm::vec3 t = p - cell;
    const glm::vec3 s = t * t * t * (t * (t * 6.f - 15.f) + 10.f);
    const auto x = std::int32_t(cell.x);
    const auto y = std::int32_t(cell.y);
    const auto z = std::int32_t(cell.z);
    const auto edge = [&](int dy, int dz) {
        return glm::mix(hash01(x, y + dy, z + dz), hash01(x + 1, y + dy, z + dz), s.x);
    };
    const float value =
        glm::mix(glm::mix(edge(0, 0), edge(1, 0), s.y), glm::mix(edge(0, 1), edge(1, 1), s.y), s.z);
    return value * 2.f - 1.f;
}

float detailWeight(float size, float footprint) {
    return glm::clamp(size / std::max(footprint, 1e-6f) - 1.f, 0.f, 1.f);
}

float bandLimitedNoise(const glm::vec3& p, float wavelength, float footprint, int octaves,
                       float gain) {
    float sum = 0;
    float strength = 1;
    float total = 0;
    for (int octave = 0; octave < octaves; ++octave) {
        total += strength;
        const float weight = detailWeight(wavelength * 0.5f, footprint);
        if (weight > 0)
            sum += strength * weight * valueNoise(p / wavelength + float(octave) * 17.3f);
        wavelength *= 0.5f;
        strength *= gain;
    }
    return sum / total * 1.6f;
}

} // namespace strata
