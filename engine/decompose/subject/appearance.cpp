// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/appearance.h"

#include "engine/decompose/subject/body_geometry.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

int binOf(const std::uint8_t* rgb) {
    const float r = rgb[0], g = rgb[1], b = rgb[2];
    const float luma = 0.299f * r + 0.587f * g + 0.114f * b;
    // Chroma of people is small: the bins cover half the possible range and the ends catch the
    // rest.
    const int cb = std::clamp(int((0.564f * (b - luma) + 64.f) / 16.f), 0, 7);
    const int cr = std::clamp(int((0.713f * (r - luma) + 64.f) / 16.f), 0, 7);
    const int y = std::min(int(luma / 64.f), 3);
    return (y * 8 + cb) * 8 + cr;
}

/// 0 above the shoulders, 1 trunk, 2 below the hips, along the body's own axis.
int partOf(glm::vec2 point, glm::vec2 shoulders, glm::vec2 trunk) {
    const float along = glm::dot(point - shoulders, trunk) / std::max(glm::dot(trunk, trunk), 1.f);
    return along < -0.1f ? 0 : along < 1.05f ? 1 : 2;
}

} // namespace

void Appearance::blend(const Appearance& other, float share) {
    for (int part = 0; part < kParts; ++part) {
        if (other.mass[part] <= 0)
            continue;
        const float take = mass[part] > 0 ? share : 1.f;
        for (int i = part * kBins; i < (part + 1) * kBins; ++i)
            histogram[i] += take * (other.histogram[i] - histogram[i]);
        mass[part] += take * (other.mass[part] - mass[part]);
    }
}

Appearance appearanceOf(const ImageU8& rgb, const PersonObservation& person) {
    const auto at = [&](int i) { return glm::vec2(person.pose.landmarks[i]); };
    const glm::vec2 shoulders = (at(11) + at(12)) * 0.5f;
    const glm::vec2 trunk = (at(23) + at(24)) * 0.5f - shoulders;
    Appearance look;
    for (int y = 0; y < person.mask.height(); y += 2)
        for (int x = 0; x < person.mask.width(); x += 2) {
            if (person.mask.at(x, y) < 160)
                continue;
            const glm::vec2 p =
                regionToFrame(person.region, (glm::vec2(x, y) + 0.5f) / float(kPersonMaskSide));
            if (p.x < 0 || p.y < 0 || p.x >= float(rgb.width()) || p.y >= float(rgb.height()))
                continue;
            const int part = partOf(p, shoulders, trunk);
            look.histogram[part * Appearance::kBins + binOf(rgb.pixel(int(p.x), int(p.y)))] += 1.f;
            look.mass[part] += 1.f;
        }
    const float all = look.mass[0] + look.mass[1] + look.mass[2];
    for (int part = 0; part < Appearance::kParts; ++part) {
        for (int i = 0; i < Appearance::kBins && look.mass[part] > 0; ++i)
            look.histogram[part * Appearance::kBins + i] /= look.mass[part];
        look.mass[part] /= std::max(all, 1.f);
    }
    return look;
}

float sharedParts(const Appearance& a, const Appearance& b) {
    float sum = 0;
    for (int part = 0; part < Appearance::kParts; ++part)
        sum += std::min(a.mass[part], b.mass[part]);
    return sum;
}

float similarity(const Appearance& a, const Appearance& b) {
    float sum = 0, weights = 0;
    for (int part = 0; part < Appearance::kParts; ++part) {
        const float weight = std::sqrt(std::max(a.mass[part] * b.mass[part], 0.f));
        if (weight <= 0)
            continue;
        float common = 0;
        for (int i = part * Appearance::kBins; i < (part + 1) * Appearance::kBins; ++i)
            common += std::sqrt(std::max(a.histogram[i] * b.histogram[i], 0.f));
        sum += weight * common;
        weights += weight;
    }
    return weights > 0 ? sum / weights : 0.f;
}

} // namespace strata
