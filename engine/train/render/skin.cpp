// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/skin.h"

#include "engine/train/render/noise.h"

#include <cmath>

namespace strata {
namespace {

glm::vec3 eyeCentre(const BodyModel& model, int label) {
    glm::vec3 sum(0.f);
    float count = 0;
    for (std::size_t i = 0; i < model.eyeLabels.size(); ++i)
        if (model.eyeLabels[i] == label) {
            sum += model.vTemplate[i];
            ++count;
        }
    return count > 0 ? sum / count : glm::vec3(label == 1 ? 0.03f : -0.03f, 0.36f, 0.09f);
}

/// Where things are in the face, measured from the eyes. x is mirrored to the positive side.
struct FaceFrame {
    glm::vec3 eye; // centre of the left eyeball
};

float soft(float distance, float width) { return glm::smoothstep(width, -width, distance); }

void paintFace(const FaceFrame& frame, const SkinStyle& style, const glm::vec3& rest, Surface& s) {
    const glm::vec3 p(std::abs(rest.x), rest.y, rest.z);
    const glm::vec3 d = p - frame.eye;
    if (d.y > 0.25f || d.y < -0.2f || rest.z < frame.eye.z - 0.25f)
        return;
    const bool front = d.z > -0.035f;
    if (front) {
        // Brow: an arc over the eye, thinner outwards.
        const float along = d.x / 0.026f;
        const float arc = d.y - 0.0235f + 0.006f * along * along - 0.002f * along;
        const float brow = soft(std::abs(arc) - (0.0042f - 0.0012f * along), 0.0018f) *
                           soft(std::abs(along) - 1.f, 0.15f);
        s.albedo = glm::mix(s.albedo, style.brows, 0.85f * brow);
        // Lid line and the shade of the socket.
        const float lid =
            soft(std::abs(glm::length(glm::vec2(d.x, d.y * 1.7f)) - 0.0155f) - 0.0012f, 0.0015f);
        s.albedo = glm::mix(s.albedo, style.brows, 0.5f * lid);
        s.albedo *= 1 - 0.18f * soft(glm::length(glm::vec2(d.x, d.y * 1.2f)) - 0.018f, 0.012f);
        // Lips: two arcs that meet at the corner.
        const float m = p.x / 0.0255f;
        const float y = d.y + 0.0685f;
        const float height = 0.0085f * std::sqrt(std::max(0.f, 1 - m * m));
        const float lips = soft(std::abs(y) - height, 0.0022f) * soft(m - 1.f, 0.06f);
        s.albedo = glm::mix(s.albedo, style.lips, 0.75f * lips);
        s.albedo *= 1 - 0.55f * soft(std::abs(y) - 0.001f, 0.0012f) * soft(m - 1.f, 0.05f);
        const float cheek = soft(glm::length(glm::vec2(d.x - 0.012f, d.y + 0.04f)) - 0.02f, 0.02f);
        s.albedo *= glm::mix(glm::vec3(1.f), glm::vec3(1.08f, 0.93f, 0.92f), cheek);
        const float jaw =
            soft(std::abs(d.y + 0.085f) - 0.03f, 0.015f) + soft(std::abs(y) - 0.018f, 0.01f);
        s.albedo *= 1 - 0.3f * style.stubble * std::min(1.f, jaw);
    }
    // Scalp: above the forehead, and behind the ears down to the neck.
    const float hairline = 0.072f - 0.9f * std::max(0.f, -d.z - 0.02f);
    const float hairy = soft(std::max(hairline, -0.075f) - d.y, 0.008f) * (style.bald ? 0.f : 1.f);
    s.albedo = glm::mix(s.albedo, style.scalp, 0.9f * hairy);
}

Surface eyeball(const glm::vec3& centre, const SkinStyle& style, const glm::vec3& rest) {
    Surface s;
    const glm::vec2 d(rest.x - centre.x, rest.y - centre.y);
    const float radius = glm::length(d);
    s.albedo = glm::vec3(0.62f, 0.58f, 0.55f);
    s.albedo = glm::mix(s.albedo, style.eyes, soft(radius - 0.0062f, 0.0006f));
    s.albedo = glm::mix(s.albedo, glm::vec3(0.01f), soft(radius - 0.0027f, 0.0005f));
    s.specular = 0.04f;
    s.gloss = 200;
    return s;
}

} // namespace

Material skin(const BodyModel& model, const SkinStyle& style,
              const std::vector<std::uint32_t>& faceIds) {
    const glm::vec3 left = eyeCentre(model, 1);
    const glm::vec3 right = eyeCentre(model, 2);
    std::vector<std::uint8_t> isEye(faceIds.size(), 0);
    for (std::size_t i = 0; i < faceIds.size() && !model.eyeLabels.empty(); ++i) {
        const auto& f = model.faces[faceIds[i]];
        isEye[i] = model.eyeLabels[f.x] && model.eyeLabels[f.y] && model.eyeLabels[f.z];
    }
    const FaceFrame frame{{(left.x - right.x) / 2, (left.y + right.y) / 2, (left.z + right.z) / 2}};
    return [=](const SurfacePoint& p) {
        if (p.face < isEye.size() && isEye[p.face])
            return eyeball(p.rest.x > 0 ? left : right, style, p.rest);
        Surface s;
        const float mottle = bandLimitedNoise(p.rest, 0.06f, p.footprint, 5, 0.6f);
        s.albedo = style.tone * (glm::vec3(1.f) + mottle * glm::vec3(0.05f, 0.08f, 0.08f));
        paintFace(frame, style, p.rest, s);
        s.specular = 0.028f;
        s.gloss = 22;
        s.wrap = 0.25f;
        return s;
    };
}

} // namespace strata
