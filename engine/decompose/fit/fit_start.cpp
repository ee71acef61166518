// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/fit/fit_start.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

using Landmarks = std::array<glm::vec3, kPoseLandmarks>;
using Rotations = std::array<glm::mat3, kBodyJoints>;

glm::vec3 middle(const Landmarks& l, int a, int b) { return 0.5f * (l[a] + l[b]); }

glm::mat3 slerp(const glm::mat3& a, const glm::mat3& b, float t) {
    return glm::mat3_cast(glm::slerp(glm::quat_cast(a), glm::quat_cast(b), t));
}

/// The rotation that takes the frame (primary, secondary) of the rest landmarks to that of the seen
/// ones.
glm::mat3 turned(const glm::vec3& restPrimary, const glm::vec3& restSecondary,
                 const glm::vec3& primary, const glm::vec3& secondary) {
    return frameOf(primary, secondary) * glm::transpose(frameOf(restPrimary, restSecondary));
}

class BoneAligner {
public:
    BoneAligner(const BodyModel& model, const Landmarks& rest)
        : m_model(model)
        , m_rest(rest) {}

    BodyPose align(const Landmarks& l) const {
        Rotations g;
        const glm::vec3 up = middle(l, 11, 12) - middle(l, 23, 24);
        const glm::vec3 restUp = middle(m_rest, 11, 12) - middle(m_rest, 23, 24);
        g[0] = turned(restUp, m_rest[23] - m_rest[24], up, l[23] - l[24]);
        g[9] = turned(restUp, m_rest[11] - m_rest[12], up, l[11] - l[12]);
        g[3] = slerp(g[0], g[9], 1.f / 3);
        g[6] = slerp(g[0], g[9], 2.f / 3);
        g[15] = turned(m_rest[0] - middle(m_rest, 7, 8), m_rest[7] - m_rest[8],
                       l[0] - middle(l, 7, 8), l[7] - l[8]);
        g[12] = slerp(g[9], g[15], 0.5f);
        g[13] = g[14] = g[9];
        for (int side = 0; side < 2; ++side) {
            const glm::vec3 elbowAxis(0.f, side == 0 ? -1.f : 1.f, 0.f);
            limb(g, l, g[9], {16 + side, 18 + side}, {11 + side, 13 + side, 15 + side}, elbowAxis);
            limb(g, l, g[0], {1 + side, 4 + side}, {23 + side, 25 + side, 27 + side}, {1, 0, 0});
            const glm::mat3 hand =
                turned(middle(m_rest, 17 + side, 19 + side) - m_rest[15 + side],
                       m_rest[19 + side] - m_rest[17 + side],
                       middle(l, 17 + side, 19 + side) - l[15 + side], l[19 + side] - l[17 + side]);
            g[20 + side] = slerp(g[18 + side], hand, 0.5f); // the hand's points are the noisiest
            g[22 + side] = g[20 + side];
            g[7 + side] =
                turned(m_rest[31 + side] - m_rest[29 + side], m_rest[25 + side] - m_rest[27 + side],
                       l[31 + side] - l[29 + side], l[25 + side] - l[27 + side]);
            g[10 + side] = g[7 + side];
        }
        BodyPose pose;
        for (int j = 0; j < kBodyJoints; ++j) {
            const int parent = m_model.parents[j];
            pose.rotations[j] = axisAngleOf(parent < 0 ? g[j] : glm::transpose(g[parent]) * g[j]);
        }
        return pose;
    }

private:
    /// Upper and lower bone from three landmarks. A bent limb shows its twist by the plane it bends
    /// in; a straight one is turned no more than needed from the trunk.
    void limb(Rotations& g, const Landmarks& l, const glm::mat3& trunk,
              const std::array<int, 2>& joints, const std::array<int, 3>& marks,
              const glm::vec3& restHinge) const {
        const glm::vec3 upper = l[marks[1]] - l[marks[0]], lower = l[marks[2]] - l[marks[1]];
        const glm::vec3 restUpper = m_rest[marks[1]] - m_rest[marks[0]];
        const glm::vec3 restLower = m_rest[marks[2]] - m_rest[marks[1]];
        const glm::vec3 least = rotationBetween(trunk * restUpper, upper) * (trunk * restHinge);
        const glm::vec3 bend =
            glm::cross(upper, lower) / std::max(1e-9f, glm::length(upper) * glm::length(lower));
        const float sure = glm::smoothstep(0.2f, 0.6f, glm::length(bend));
        glm::vec3 hinge = least;
        // A plane that would bend the joint backwards is noise.
        if (glm::length(bend) > 1e-6f && glm::dot(bend, least) > -0.5f * glm::length(bend))
            hinge = glm::mix(least, glm::normalize(bend), sure);
        g[joints[0]] = turned(restUpper, restHinge, upper, hinge);
        g[joints[1]] = turned(restLower, restHinge, lower, hinge);
    }

    const BodyModel& m_model;
    const Landmarks& m_rest;
};

Landmarks posedLandmarks(const BodyModel& model, const LandmarkMap& map, const BodyPose& pose) {
    Rotations g;
    std::array<glm::vec3, kBodyJoints> shift;
    std::array<glm::vec3, kBodyJoints> at;
    for (int j = 0; j < kBodyJoints; ++j) {
        const int p = model.parents[j];
        g[j] = p < 0 ? rotationOf(pose.rotations[j]) : g[p] * rotationOf(pose.rotations[j]);
        at[j] = p < 0 ? model.jointTemplate[j]
                      : at[p] + g[p] * (model.jointTemplate[j] - model.jointTemplate[p]);
        shift[j] = at[j] - g[j] * model.jointTemplate[j];
    }
    Landmarks result{};
    for (int l = 0; l < kPoseLandmarks; ++l)
        for (int j = 0; j < kBodyJoints; ++j)
            if (const float w = map.weights[l * kBodyJoints + j]; w != 0)
                result[l] += w * (g[j] * map.points[l] + shift[j]);
    return result;
}

/// The translation for which the projected points meet the landmarks best: u (Z + tz) = f (X + tx)
/// and so on is linear in it.
glm::vec3 translationFor(const Landmarks& points, const PersonPose& pose, const Camera& camera) {
    glm::dmat3 a(0.0);
    glm::dvec3 b(0.0);
    for (int l = 11; l < kPoseLandmarks; ++l) {
        const double w = std::max(0.01f, pose.visibility[l] * pose.presence[l]);
        const glm::dvec3 p(camera.rotation * points[l]);
        const double x = (pose.landmarks[l].x - camera.cx) / camera.fx;
        const double y = (pose.landmarks[l].y - camera.cy) / camera.fy;
        const glm::dvec3 rows[2] = {{1, 0, -x}, {0, 1, -y}};
        const double right[2] = {x * p.z - p.x, y * p.z - p.y};
        for (int r = 0; r < 2; ++r) {
            for (int c = 0; c < 3; ++c)
                a[c] += w * rows[r][c] * rows[r];
            b += w * right[r] * rows[r];
        }
    }
    for (int c = 0; c < 3; ++c)
        a[c][c] += 1e-9;
    glm::vec3 t = glm::inverse(a) * b;
    if (!(t.z > 0.3f) || !(t.z < 500.f)) // a degenerate picture: some place in view
        t = {0.f, 0.f, 4.f};
    return glm::transpose(camera.rotation) * t;
}

Landmarks filtered(std::span<const FitFrame> frames, std::int64_t at, const Camera& camera,
                   float sigma) {
    Landmarks sum{};
    float weights = 0;
    const auto radius = std::int64_t(std::ceil(2.f * sigma));
    for (std::int64_t k = -radius; k <= radius; ++k) {
        const std::int64_t t = at + k;
        if (t < 0 || t >= std::int64_t(frames.size()) || !frames[t].seen)
            continue;
        const float w = sigma > 0 ? std::exp(-0.5f * float(k * k) / (sigma * sigma)) : 1.f;
        const Landmarks one = worldLandmarks(frames[t].pose, camera);
        for (int l = 0; l < kPoseLandmarks; ++l)
            sum[l] += w * one[l];
        weights += w;
    }
    for (glm::vec3& p : sum)
        p /= weights;
    return sum;
}

BodyPose between(const BodyPose& a, const BodyPose& b, float t) {
    BodyPose pose;
    for (int j = 0; j < kBodyJoints; ++j)
        pose.rotations[j] =
            axisAngleOf(glm::slerp(quaternionOf(a.rotations[j]), quaternionOf(b.rotations[j]), t));
    pose.translation = glm::mix(a.translation, b.translation, t);
    return pose;
}

void fillUnseen(std::vector<BodyPose>& poses, std::span<const FitFrame> frames) {
    std::int64_t before = -1;
    const auto count = std::int64_t(frames.size());
    for (std::int64_t t = 0; t <= count; ++t) {
        if (t < count && !frames[t].seen)
            continue;
        for (std::int64_t k = before + 1; k < t; ++k) {
            if (before < 0 && t < count)
                poses[k] = poses[t];
            else if (before >= 0 && t == count)
                poses[k] = poses[before];
            else if (before >= 0)
                poses[k] = between(poses[before], poses[t], float(k - before) / float(t - before));
        }
        before = t;
    }
}

} // namespace

Landmarks worldLandmarks(const PersonPose& pose, const Camera& camera) {
    const glm::vec2 hips = 0.5f * (glm::vec2(pose.landmarks[23]) + glm::vec2(pose.landmarks[24]));
    const glm::vec3 ray((hips.x - camera.cx) / camera.fx, (hips.y - camera.cy) / camera.fy, 1.f);
    const glm::mat3 turn = glm::transpose(camera.rotation) * rotationBetween({0, 0, 1}, ray);
    Landmarks result;
    for (int l = 0; l < kPoseLandmarks; ++l)
        result[l] = turn * pose.world[l];
    return result;
}

std::vector<BodyPose> startPoses(const BodyModel& model, const LandmarkMap& map,
                                 std::span<const FitFrame> frames, const Camera& camera,
                                 float smoothFrames) {
    std::vector<BodyPose> poses(frames.size());
    const BoneAligner aligner(model, map.points);
    for (std::size_t t = 0; t < frames.size(); ++t) {
        if (!frames[t].seen)
            continue;
        poses[t] = aligner.align(filtered(frames, std::int64_t(t), camera, smoothFrames));
        poses[t].translation =
            translationFor(posedLandmarks(model, map, poses[t]), frames[t].pose, camera);
    }
    fillUnseen(poses, frames);
    return poses;
}

} // namespace strata
