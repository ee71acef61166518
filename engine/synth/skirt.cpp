// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/skirt.h"

#include "engine/body/bone_transforms.h"
#include "engine/synth/atlas_layout.h"
#include "engine/synth/color_tables.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace strata {
namespace {

constexpr int kRings = 25;            // down the leg: 0 hip, 12 knee, 24 ankle
constexpr int kSegments = 48;         // round the legs
constexpr int kBelowCrotch = 7;       // first ring that counts
constexpr int kShortest = 5;          // rings that must be spanned by cloth
constexpr int kShortestWithHem = 2;   // if the legs below are bare all at once
constexpr float kSmallestGap = 0.02f; // metres between the legs that count as apart

/// A height on the legs: where their axes are in the rest pose and in the picture.
struct Ring {
    glm::vec3 restLeft, restRight;
    glm::vec2 left, right; // px
    float metresPerPixel = 0;
    glm::vec2 outerLeft, outerRight; // px: the matte's edges
    float halfWidth = 0;             // metres, in the rest pose
};

glm::vec3 alongLeg(const std::array<glm::vec3, 3>& leg, int ring) {
    const float t = 2.f * float(ring) / float(kRings - 1);
    return t <= 1.f ? glm::mix(leg[0], leg[1], t) : glm::mix(leg[1], leg[2], t - 1.f);
}

class SkirtFinder {
public:
    SkirtFinder(const ShapedBody& body, const BodyPose& pose, const SubjectView& view)
        : m_view(view) {
        const BoneTransforms bones = boneTransforms(body, pose);
        const auto rest = body.restJoints();
        const auto posed = [&](std::size_t j) {
            return view.camera.toCamera(bones.rotation[j] * rest[j] + bones.offset[j]);
        };
        const std::array<glm::vec3, 3> left{posed(1), posed(4), posed(7)};
        const std::array<glm::vec3, 3> right{posed(2), posed(5), posed(8)};
        for (int i = 0; i < kRings; ++i) {
            const glm::vec3 l = alongLeg(left, i), r = alongLeg(right, i);
            Ring ring;
            ring.restLeft = alongLeg({rest[1], rest[4], rest[7]}, i);
            ring.restRight = alongLeg({rest[2], rest[5], rest[8]}, i);
            ring.left = pixel(l);
            ring.right = pixel(r);
            ring.metresPerPixel = 0.5f * (l.z + r.z) / view.camera.fx;
            m_rings.push_back(ring);
        }
    }

    /// Rings down to the hem, or none.
    std::vector<Ring> find() {
        int hem = -1, spanned = 0;
        for (int i = 1; i < kRings; ++i) {
            // Thighs touch in trousers too: only what is between the legs further down tells a
            // skirt.
            const float thickness = glm::mix(0.17f, 0.09f, float(i) / float(kRings - 1));
            const std::optional<bool> cloth = spans(m_rings[std::size_t(i)], thickness);
            if (cloth && !*cloth)
                break;
            if (cloth && i >= kBelowCrotch) {
                ++spanned;
                hem = i;
            }
        }
        if (spanned < (endsAtOnce(hem) ? kShortestWithHem : kShortest))
            return {};
        m_rings.resize(std::size_t(hem) + 1);
        for (std::size_t i = 0; i < m_rings.size(); ++i)
            measure(m_rings[i], float(i) / float(kRings - 1));
        return m_rings;
    }

private:
    glm::vec2 pixel(const glm::vec3& p) const {
        const Camera& c = m_view.camera;
        const float z = std::max(p.z, 0.1f);
        return {c.fx * p.x / z + c.cx, c.fy * p.y / z + c.cy};
    }
    bool inside(glm::vec2 p) const {
        return p.x > 0.f && p.y > 0.f && p.x < float(m_view.alpha.width()) &&
               p.y < float(m_view.alpha.height()) && sampleAt(m_view.alpha, p) > 0.5f;
    }
    /// Share of what lies between the legs that belongs to the person.
    float filled(const Ring& ring) const {
        int person = 0, all = 0;
        for (float s = 0.35f; s <= 0.65f; s += 0.02f, ++all)
            person += inside(glm::mix(ring.left, ring.right, s));
        return float(person) / float(all);
    }
    /// Cloth between the legs; nothing when they touch and one cannot tell.
    std::optional<bool> spans(const Ring& ring, float thickness) const {
        const float apart = glm::distance(ring.left, ring.right) * ring.metresPerPixel;
        if (apart < thickness + kSmallestGap)
            return std::nullopt;
        return filled(ring) > 0.85f;
    }
    /// Below a hem there is suddenly nothing between the legs; where thighs or wide trousers part,
    /// the gap opens slowly.
    bool endsAtOnce(int hem) const {
        return hem >= 0 && hem + 2 < kRings && filled(m_rings[std::size_t(hem) + 2]) < 0.3f;
    }

    glm::vec2 outer(glm::vec2 from, glm::vec2 direction, float metresPerPixel) const {
        const float reach = 0.28f / metresPerPixel;
        float step = 0;
        while (step < reach && inside(from + (step + 1.f) * direction))
            step += 1.f;
        return from + step * direction;
    }

    void measure(Ring& ring, float down) const {
        const glm::vec2 across = ring.left - ring.right;
        const float length = std::max(glm::length(across), 1.f);
        const glm::vec2 d = across / length;
        ring.outerLeft = outer(ring.left, d, ring.metresPerPixel);
        ring.outerRight = outer(ring.right, -d, ring.metresPerPixel);
        const float beyond =
            0.5f * ring.metresPerPixel *
            (glm::distance(ring.outerLeft, ring.left) + glm::distance(ring.outerRight, ring.right));
        ring.halfWidth = 0.5f * glm::distance(ring.restLeft, ring.restRight) +
                         std::clamp(beyond, 0.05f, 0.10f + 0.12f * down) + 0.01f;
    }

    const SubjectView& m_view;
    std::vector<Ring> m_rings;
};

/// Half the depth of the legs at a height of the rest pose.
float legDepth(const ShapedBody& body, float height) {
    float depth = 0.06f;
    const auto rest = body.restVertices();
    for (std::size_t v = 0; v < rest.size(); ++v) {
        const BodyRegion region = regionOfJoint(body.model().bones[v][0]);
        if (region != BodyRegion::Torso && region != BodyRegion::LeftLeg &&
            region != BodyRegion::RightLeg)
            continue;
        if (std::abs(rest[v].y - height) < 0.02f)
            depth = std::max(depth, std::abs(rest[v].z - body.restJoints()[0].z));
    }
    return depth;
}

void addRing(const ShapedBody& body, const Ring& ring, float down, SkinnedMesh& mesh) {
    const glm::vec3 middle = 0.5f * (ring.restLeft + ring.restRight);
    const float depth = std::max(legDepth(body, middle.y) + 0.015f, 0.5f * ring.halfWidth);
    const glm::vec2 room = kClothCorner.high - kClothCorner.low;
    for (int k = 0; k <= kSegments; ++k) { // the seam's vertices are there twice
        const float angle = 6.2831853f * float(k) / float(kSegments);
        const float x = std::cos(angle), z = std::sin(angle);
        mesh.vertices.push_back(
            {middle.x + ring.halfWidth * x, middle.y, body.restJoints()[0].z + depth * z});
        const float left = smoothStep(-0.7f, 0.7f, x), knee = 0.6f * smoothStep(0.9f, 1.6f, down);
        mesh.bones.push_back({1, 4, 2, 5});
        mesh.boneWeights.push_back(
            {left * (1.f - knee), left * knee, (1.f - left) * (1.f - knee), (1.f - left) * knee});
        mesh.uvVertices.push_back(kClothCorner.low +
                                  room * glm::vec2(0.5f + 0.48f * x, 1.f - 0.5f * down));
    }
}

void paint(const std::vector<Ring>& rings, const ImageF& albedo, ImageU8& texture) {
    const auto size = float(texture.width());
    const int x0 = int(kClothCorner.low.x * size), x1 = int(kClothCorner.high.x * size);
    const int y0 = int((1.f - kClothCorner.high.y) * size);
    const int y1 = int((1.f - kClothCorner.low.y) * size);
    for (int y = y0; y < y1; ++y) {
        const float at = (float(y) + 0.5f - float(y0)) / float(y1 - y0) * float(kRings - 1);
        const float ringAt = std::min(at, float(rings.size() - 1));
        const std::size_t i = std::min(std::size_t(ringAt), rings.size() - 2);
        const float part = ringAt - float(i);
        const glm::vec2 left = glm::mix(rings[i].outerLeft, rings[i + 1].outerLeft, part);
        const glm::vec2 right = glm::mix(rings[i].outerRight, rings[i + 1].outerRight, part);
        for (int x = x0; x < x1; ++x) {
            const float s = (float(x) + 0.5f - float(x0)) / float(x1 - x0);
            const glm::vec3 c =
                sampleColor(albedo, glm::mix(right, left, glm::clamp(s, 0.03f, 0.97f)));
            for (int k = 0; k < 3; ++k)
                texture.pixel(x, y)[k] = linearToSrgb8(c[k]);
        }
    }
}

} // namespace

Skirt findSkirt(const ShapedBody& body, const BodyPose& pose, const SubjectView& view,
                const ImageF& albedo, ImageU8& texture) {
    Skirt skirt;
    const std::vector<Ring> rings = SkirtFinder(body, pose, view).find();
    if (rings.empty())
        return skirt;
    for (std::size_t i = 0; i < rings.size(); ++i)
        addRing(body, rings[i], 2.f * float(i) / float(kRings - 1), skirt.mesh);
    constexpr auto kRow = std::uint32_t(kSegments + 1);
    for (std::uint32_t i = 0; i + 1 < rings.size(); ++i)
        for (std::uint32_t k = 0; k < kSegments; ++k) {
            const std::uint32_t a = i * kRow + k, b = a + 1, c = a + kRow, d = c + 1;
            skirt.mesh.faces.push_back({a, b, c});
            skirt.mesh.faces.push_back({b, d, c});
        }
    skirt.mesh.uvFaces = skirt.mesh.faces;
    paint(rings, albedo, texture);
    return skirt;
}

} // namespace strata
