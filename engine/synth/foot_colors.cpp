// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/foot_colors.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr float kBand = 0.005f;  // metres
constexpr int kBands = 40;       // up to the ankle
constexpr float kSpread = 0.01f; // metres: how far up and down a place has a say

bool onFoot(int joint) { return joint == 7 || joint == 8 || joint == 10 || joint == 11; }

} // namespace

FootColors::FootColors(const BodyModel& model, std::span<const glm::vec3> rest,
                       const ImageF& albedo, const PosedSurface& surface, const Evidence& evidence)
    : m_bands(kBands) {
    m_sole = 1e9f;
    for (const glm::vec3& point : rest)
        m_sole = std::min(m_sole, point.y);
    std::vector<glm::vec3> sums(kBands, glm::vec3(0.f));
    std::vector<float> weights(kBands, 0.f);
    for (std::size_t v = 0; v < rest.size(); ++v) {
        const float seen = onFoot(model.bones[v][0]) ? evidence.seen(v) : 0.f;
        if (seen < 0.3f)
            continue;
        const glm::vec3 color = sampleColor(albedo, evidence.pixelOf(surface.vertices[v]));
        for (int band = 0; band < kBands; ++band) {
            const float away = (rest[v].y - m_sole - kBand * (float(band) + 0.5f)) / kSpread;
            const float weight = seen * std::exp(-0.5f * away * away);
            sums[std::size_t(band)] += weight * color;
            weights[std::size_t(band)] += weight;
        }
    }
    for (std::size_t band = 0; band < kBands; ++band)
        if (weights[band] > 0.1f)
            m_bands[band] = sums[band] / weights[band];
}

std::optional<glm::vec3> FootColors::color(const glm::vec3& rest, int joint) const {
    if (!onFoot(joint))
        return std::nullopt;
    const float at = (rest.y - m_sole) / kBand - 0.5f;
    const int below = std::clamp(int(std::floor(at)), 0, kBands - 1);
    const auto& low = m_bands[std::size_t(below)];
    const auto& high = m_bands[std::size_t(std::min(below + 1, kBands - 1))];
    if (low && high)
        return glm::mix(*low, *high, std::clamp(at - float(below), 0.f, 1.f));
    return low ? low : high;
}

} // namespace strata
