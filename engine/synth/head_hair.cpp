// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/head_hair.h"

#include "engine/synth/color_tables.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int kHeadJoint = 15;

glm::vec3 medianColor(std::vector<glm::vec3>& colors) {
    const auto middle = colors.begin() + std::ptrdiff_t(colors.size() / 2);
    std::nth_element(colors.begin(), middle, colors.end(),
                     [](const auto& a, const auto& b) { return luminance(a) < luminance(b); });
    // The mean of the middle fifth: a single colour may be a highlight.
    std::sort(colors.begin(), colors.end(),
              [](const auto& a, const auto& b) { return luminance(a) < luminance(b); });
    const std::size_t first = colors.size() * 2 / 5,
                      last = std::max(first + 1, colors.size() * 3 / 5);
    glm::vec3 sum(0.f);
    for (std::size_t i = first; i < last; ++i)
        sum += colors[i];
    return sum / float(last - first);
}

} // namespace

HeadHair::HeadHair(const BodyModel& model, std::span<const glm::vec3> rest, const SubjectView&,
                   const ImageF& albedo, const PosedSurface& surface, const Evidence& evidence) {
    glm::dvec3 joint(0.0);
    m_top = -1e9f;
    for (std::size_t v = 0; v < rest.size(); ++v) {
        joint += double(model.jointRegressor[kHeadJoint * rest.size() + v]) * glm::dvec3(rest[v]);
        if (model.bones[v][0] == kHeadJoint)
            m_top = std::max(m_top, rest[v].y);
    }
    m_joint = glm::vec3(joint);
    std::vector<glm::vec3> colors;
    for (std::size_t v = 0; v < rest.size(); ++v) {
        if (model.bones[v][0] != kHeadJoint || scalp(rest[v], m_joint, m_top) < 0.9f)
            continue;
        if (evidence.seen(surface.vertices[v], surface.normals[v]) > 0.5f)
            colors.push_back(sampleColor(albedo, evidence.pixelOf(surface.vertices[v])));
    }
    m_known = colors.size() >= 8;
    if (m_known)
        m_mean = medianColor(colors);
}

float HeadHair::scalp(const glm::vec3& rest, const glm::vec3& joint, float top) {
    const float height =
        (rest.y - joint.y) / std::max(top - joint.y, 0.05f); // 0 jaw joint .. 1 crown
    const float forward = (rest.z - joint.z) / std::max(top - joint.y, 0.05f);
    // The hairline runs from the forehead down behind the ears to the nape.
    const float line = glm::clamp(0.22f + 1.1f * forward, 0.05f, 0.80f);
    return smoothStep(line - 0.08f, line + 0.08f, height);
}

float HeadHair::share(const glm::vec3& rest) const {
    return m_known ? scalp(rest, m_joint, m_top) : 0.f;
}

glm::vec3 HeadHair::color(const glm::vec3& rest) const {
    // Strands: darker and lighter bands that run from the crown down, irregular but the same every
    // time.
    const glm::vec3 d = rest - m_joint;
    const float around = std::atan2(d.x, -d.z);
    const float band = std::sin(around * 31.f + 2.1f * std::sin(around * 7.f + 9.f * d.y)) +
                       0.6f * std::sin(around * 67.f + 1.3f * std::sin(17.f * d.y + around * 5.f));
    return m_mean * (1.f + 0.09f * band);
}

} // namespace strata
