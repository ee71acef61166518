// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/foot_contacts.h"

#include "engine/body/bone_transforms.h"

#include <algorithm>
#include <cmath>

namespace strata {

FootContacts::FootContacts(const ShapedBody& body)
    : m_body(body) {
    const auto rest = body.restVertices();
    const auto joints = body.restJoints();
    const BodyModel& model = body.model();
    float floor = 1e9f;
    for (const auto& v : rest)
        floor = std::min(floor, v.y);
    for (std::size_t v = 0; v < rest.size(); ++v) {
        const int joint = model.bones[v][0];
        const bool left = joint == 7 || joint == 10, right = joint == 8 || joint == 11;
        if ((!left && !right) || rest[v].y > floor + 0.025f)
            continue;
        const std::size_t side = left ? 0 : 2;
        // Behind the ankle is heel, in front of the ball of the foot are toes; the arch carries
        // nothing.
        if (rest[v].z < joints[left ? 7 : 8].z + 0.01f)
            m_vertices[side].push_back(std::uint32_t(v));
        else if (rest[v].z > joints[left ? 10 : 11].z)
            m_vertices[side + 1].push_back(std::uint32_t(v));
    }
}

FootContacts::Points FootContacts::at(const BodyPose& pose, float scale) const {
    const BoneTransforms bones = boneTransforms(m_body, pose);
    const BodyModel& model = m_body.model();
    Points out;
    for (std::size_t k = 0; k < kPoints; ++k) {
        glm::vec3 sum(0.f);
        for (const auto v : m_vertices[k])
            sum += bones.point(m_body.restVertices()[v], model.bones[v], model.boneWeights[v]);
        // A body without recognisable soles stands on its ankles.
        out[k] = m_vertices[k].empty()
                     ? bones.rotation[k < 2 ? 7 : 8] * m_body.restJoints()[k < 2 ? 7 : 8] +
                           bones.offset[k < 2 ? 7 : 8]
                     : sum / float(m_vertices[k].size());
        out[k] = scale * (out[k] - pose.translation) + pose.translation;
    }
    return out;
}

FootContacts::Weights FootContacts::weights(const Points& points, const glm::vec3& up) {
    constexpr float kSoft = 0.03f; // metres over which the weight goes from one foot to the other
    float lowest = 1e9f;
    for (const auto& p : points)
        lowest = std::min(lowest, glm::dot(p, up));
    Weights out;
    float sum = 0;
    for (std::size_t k = 0; k < kPoints; ++k) {
        out[k] = std::exp(-(glm::dot(points[k], up) - lowest) / kSoft);
        sum += out[k];
    }
    for (auto& w : out)
        w /= sum;
    return out;
}

glm::vec3 FootContacts::mean(const Points& points, const Weights& weights) {
    glm::vec3 sum(0.f);
    for (std::size_t k = 0; k < kPoints; ++k)
        sum += weights[k] * points[k];
    return sum;
}

} // namespace strata
