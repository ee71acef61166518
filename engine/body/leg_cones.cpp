// SPDX-License-Identifier: Apache-2.0
#include "engine/body/leg_cones.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr std::array<std::array<std::size_t, 2>, LegCones::kParts> kBones{
    {{1, 4}, {2, 5}, {4, 7}, {5, 8}}};
constexpr float kBeyond = 0.05f;     // of a bone's length that a part reaches over its ends
constexpr float kFar = 1.f;          // metres: nothing near
constexpr float kMostOfPart = 0.95f; // of the vertices round a bone lie within the cone
constexpr int kRounds = 2;           // what one part pushes away may come to lie in another

} // namespace

LegCones::LegCones(const ShapedBody& body) {
    const auto joints = body.restJoints();
    std::copy(joints.begin(), joints.end(), m_rest.begin());
    const auto vertices = body.restVertices();
    for (std::size_t part = 0; part < kParts; ++part) {
        const auto [from, to] = kBones[part];
        const glm::vec3 bone = m_rest[to] - m_rest[from];
        std::array<std::vector<float>, kSteps> distances;
        for (std::size_t v = 0; v < vertices.size(); ++v) {
            if (body.model().bones[v][0] != from)
                continue;
            const glm::vec3 d = vertices[v] - m_rest[from];
            const float along = glm::dot(d, bone) / glm::dot(bone, bone);
            if (along >= 0.f && along < 1.f)
                distances[std::size_t(along * float(kSteps))].push_back(
                    glm::length(d - along * bone));
        }
        // The trunk's vertices lie round the uppermost part of a thigh: it goes on as it is below.
        std::array<float, kSteps> middle{};
        float last = 0.f;
        for (std::size_t i = kSteps; i-- > 0;) {
            auto& all = distances[i];
            if (all.size() >= 8) {
                const auto at = all.begin() + std::ptrdiff_t(kMostOfPart * float(all.size() - 1));
                std::nth_element(all.begin(), at, all.end());
                last = *at;
            }
            middle[i] = last;
        }
        for (std::size_t i = 0; i <= kSteps; ++i)
            m_radius[part][i] =
                0.5f * (middle[i > 0 ? i - 1 : 0] + middle[std::min(i, kSteps - 1)]);
    }
}

LegCones::Place LegCones::placeOf(std::size_t part, const glm::vec3& point,
                                  std::span<const glm::vec3> joints) const {
    const auto [from, to] = kBones[part];
    const glm::vec3 bone = joints[to] - joints[from], d = point - joints[from];
    const float along = glm::dot(d, bone) / std::max(glm::dot(bone, bone), 1e-8f);
    Place out;
    out.beside = along > -kBeyond && along < 1.f + kBeyond;
    const float inside = std::clamp(along, 0.f, 1.f);
    out.away = d - along * bone;
    out.distance = glm::length(out.away);
    const float at = inside * float(kSteps);
    const auto i = std::min(std::size_t(at), kSteps - 1);
    out.radius = glm::mix(m_radius[part][i], m_radius[part][i + 1], at - float(i));
    return out;
}

LegCones::Room LegCones::room(const glm::vec3& rest) const {
    Room out;
    for (std::size_t part = 0; part < kParts; ++part) {
        const Place place = placeOf(part, rest, m_rest);
        out[part] = place.beside ? place.distance - place.radius : kFar;
    }
    return out;
}

void LegCones::pushOut(glm::vec3& point, const Room& room, std::span<const glm::vec3> joints,
                       float gap) const {
    for (int round = 0; round < kRounds; ++round)
        for (std::size_t part = 0; part < kParts; ++part) {
            const Place place = placeOf(part, point, joints);
            const float missing = place.radius + std::min(gap, room[part]) - place.distance;
            if (place.beside && missing > 0.f && place.distance > 1e-4f)
                point += place.away * (missing / place.distance);
        }
}

bool hangsAroundLegs(const std::array<std::uint8_t, 4>& bones, const glm::vec4& weights,
                     const glm::vec3& rest, std::span<const glm::vec3> restJoints) {
    constexpr float kSome = 0.03f, kMost = 0.9f;
    if (rest.y > std::max(restJoints[1].y, restJoints[2].y))
        return false;
    float left = 0, right = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        const int joint = bones[k];
        if (joint == 1 || joint == 4 || joint == 7 || joint == 10)
            left += weights[int(k)];
        if (joint == 2 || joint == 5 || joint == 8 || joint == 11)
            right += weights[int(k)];
    }
    return (left > kSome && right > kSome) || left + right < kMost;
}

} // namespace strata
