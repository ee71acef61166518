// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/hair_volume.h"

#include <algorithm>
#include <vector>

namespace strata {
namespace {

constexpr float kThinnest = 0.012f, kThickest = 0.05f; // metres, of hair on the back of the head
constexpr float kOffNeck = 0.08f;                      // metres that hanging hair is off the neck
constexpr std::size_t kFewest = 20;                    // vertices that tell how thick hair is

/// How far hair stands off at the upper half of the head: more than most of what is there.
float thicknessAtCrown(std::span<const glm::vec3> rest, const HeadMap& head,
                       std::span<const glm::vec3> displacement) {
    std::vector<float> all;
    for (std::size_t v = 0; v < rest.size(); ++v)
        if (head.scalp[v] > 0.9f && rest[v].y > 0.5f * (head.joint.y + head.top))
            all.push_back(glm::length(displacement[v]));
    if (all.size() < kFewest)
        return kThinnest;
    const auto at = all.begin() + std::ptrdiff_t(all.size() * 19 / 20);
    std::nth_element(all.begin(), at, all.end());
    return std::clamp(*at, kThinnest, kThickest);
}

} // namespace

void addHairVolume(const ShapedBody& body, const HeadMap& head, const HeadHair& hair,
                   std::span<glm::vec3> displacement) {
    if (!hair.known())
        return;
    const auto rest = body.restVertices();
    const float thickness = thicknessAtCrown(rest, head, displacement);
    // A head is round about the middle between its joint and the crown.
    const glm::vec3 middle(head.joint.x, 0.5f * (head.joint.y + head.top), head.joint.z);
    float back = head.joint.z; // of the hair
    for (std::size_t v = 0; v < rest.size(); ++v) {
        if (head.scalp[v] <= 0.f)
            continue;
        const float behind = 1.f - smoothStep(-0.05f, 0.03f, rest[v].z - head.joint.z);
        const float wanted = thickness * behind * head.scalp[v];
        const glm::vec3 outwards = glm::normalize(rest[v] - middle + glm::vec3(0, 0, -1e-4f));
        const float there = glm::dot(displacement[v], outwards);
        if (wanted > there)
            displacement[v] += (wanted - there) * outwards;
        back = std::min(back, rest[v].z + displacement[v].z);
    }
    if (hair.bottom() >= head.joint.y)
        return;
    for (std::size_t v = 0; v < rest.size(); ++v)
        if (rest[v].y <= head.joint.y)
            displacement[v].z -= hair.share(rest[v]) *
                                 std::clamp(rest[v].z + displacement[v].z - back, 0.f, kOffNeck);
}

} // namespace strata
