// SPDX-License-Identifier: Apache-2.0
#include "engine/body/rest_alignment.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kSamples = 240; // frames looked at
const glm::vec3 kUp{0.f, 1.f, 0.f};
const glm::vec3 kLeft{1.f, 0.f, 0.f};

bool isUpperLimb(int joint) { return joint == 1 || joint == 2 || joint == 16 || joint == 17; }
bool isLowerLimb(int joint) { return joint == 4 || joint == 5 || joint == 18 || joint == 19; }

/// In the body's rest pose: the axis about which knee or elbow bends, as cross(upper bone, lower
/// bone) of a bent limb.
glm::vec3 restHinge(int joint) {
    if (joint < 16)
        return kLeft;
    return joint % 2 == 0 ? -kUp : kUp; // left elbow, right elbow
}

class Aligner {
public:
    Aligner(const BvhFile& file, const SkeletonMap& map, const BodyModel& model)
        : m_file(file)
        , m_map(map.joints)
        , m_model(model)
        , m_zero(bvhZeroPose(file)) {
        const std::int64_t step = std::max<std::int64_t>(1, file.frameCount / kSamples);
        for (std::int64_t t = 0; t < file.frameCount; t += step)
            m_samples.push_back(bvhFrame(file, t));
    }

    RestAlignment run() {
        const glm::vec3 spine = zero(topJoint()) - zero(0);
        m_whole = frameOf(spine, zero(1) - zero(2));
        RestAlignment result;
        const bool standing = standsInZeroPose();
        if (!standing)
            m_whole = frameOf(firstSpineOffset(), zero(1) - zero(2));
        result.toYUp = rotationBetween(mainAxis(standing ? m_whole * kUp : meanUp()), kUp);
        for (int j = 0; j < kBodyJoints; ++j) {
            m_result[j] = m_whole;
            if (m_map[j] >= 0)
                m_result[j] = standing ? fromZeroPose(j) : fromMotion(j);
        }
        result.toLocal = m_result;
        return result;
    }

private:
    glm::vec3 zero(int joint) const { return m_zero.positions[m_map[joint]]; }
    int topJoint() const { return m_map[15] >= 0 ? 15 : m_map[12] >= 0 ? 12 : 16; }

    glm::vec3 firstSpineOffset() const {
        const int spine = m_map[3] >= 0 ? m_map[3] : m_map[9];
        const glm::vec3 offset = spine >= 0 ? m_file.joints[spine].offset : glm::vec3(0.f);
        return glm::length(offset) > 1e-6f ? offset : kUp;
    }

    bool standsInZeroPose() const {
        const glm::vec3 up = m_whole * kUp, left = m_whole * kLeft;
        for (int side = 0; side < 2; ++side) {
            const glm::vec3 thigh = zero(4 + side) - zero(1 + side);
            const glm::vec3 shin = zero(7 + side) - zero(4 + side);
            const glm::vec3 arm = zero(18 + side) - zero(16 + side);
            const float outward = (side == 0 ? 1.f : -1.f) * glm::dot(arm, left);
            if (glm::dot(thigh, up) > -0.6f * glm::length(thigh) ||
                glm::dot(shin, up) > -0.6f * glm::length(shin) ||
                outward < -0.3f * glm::length(arm))
                return false;
        }
        return true;
    }

    /// Up over the clip: from the feet to the head, or to the shoulders.
    glm::vec3 meanUp() const {
        glm::vec3 sum(0.f);
        for (const BvhFramePose& pose : m_samples) {
            const glm::vec3 way = pose.positions[m_map[topJoint()]] -
                                  0.5f * (pose.positions[m_map[7]] + pose.positions[m_map[8]]);
            if (glm::length(way) > 1e-6f)
                sum += glm::normalize(way);
        }
        return sum;
    }

    static glm::vec3 mainAxis(const glm::vec3& v) {
        int best = 0;
        for (int c = 1; c < 3; ++c)
            if (std::abs(v[c]) > std::abs(v[best]))
                best = c;
        glm::vec3 axis(0.f);
        axis[best] = v[best] < 0 ? -1.f : 1.f;
        return axis;
    }

    glm::vec3 restBone(int joint) const {
        const int next = nextInLimb(joint);
        return next < 0 ? kUp : m_model.jointTemplate[next] - m_model.jointTemplate[joint];
    }

    /// The bone in the mapped joint's own frame: towards the next mapped joint, or its first child
    /// away from it.
    glm::vec3 localBone(int joint) const {
        const int own = m_map[joint], next = nextInLimb(joint);
        if (next >= 0 && m_map[next] >= 0)
            return m_zero.positions[m_map[next]] - m_zero.positions[own];
        for (std::size_t k = own + 1; k < m_file.joints.size(); ++k)
            if (m_file.joints[k].parent == own && glm::length(m_file.joints[k].offset) > 1e-6f)
                return m_file.joints[k].offset;
        return m_whole * restBone(joint);
    }

    glm::mat3 fromZeroPose(int joint) const {
        if (isUpperLimb(joint) || isLowerLimb(joint)) {
            const glm::vec3 bone = localBone(joint);
            if (glm::length(bone) > 1e-6f)
                return rotationBetween(m_whole * restBone(joint), bone) * m_whole;
        }
        if (joint >= 20) // hands and fingers go with the forearm
            return m_result[m_model.parents[joint]];
        return m_whole; // trunk, head, collars and feet rest alike in both
    }

    glm::mat3 fromMotion(int joint) const {
        if (joint == 0)
            return m_whole;
        glm::vec3 bone = localBone(joint);
        if (glm::length(bone) < 1e-6f)
            bone = m_whole * restBone(joint);
        if (joint == 9 && m_map[13] >= 0 && m_map[14] >= 0)
            return frameOf(bone, m_file.joints[m_map[13]].offset - m_file.joints[m_map[14]].offset);
        if (isUpperLimb(joint) || isLowerLimb(joint)) {
            const glm::vec3 hinge = localHinge(joint);
            if (glm::length(hinge) > 0.1f)
                return frameOf(bone, hinge) *
                       glm::transpose(frameOf(restBone(joint), restHinge(joint)));
        }
        const glm::mat3 middle = untwisted(joint);
        return rotationBetween(middle * restBone(joint), bone) * middle;
    }

    /// Where elbow or knee bends in the motion, in the mapped joint's frame; its length says how
    /// sure that is.
    glm::vec3 localHinge(int joint) const {
        const int upper = isUpperLimb(joint) ? joint : m_model.parents[joint];
        const int lower = nextInLimb(upper), end = nextInLimb(lower);
        glm::vec3 sum(0.f);
        for (const BvhFramePose& pose : m_samples) {
            const glm::vec3 a = pose.positions[m_map[lower]] - pose.positions[m_map[upper]];
            const glm::vec3 b = pose.positions[m_map[end]] - pose.positions[m_map[lower]];
            const float scale = glm::length(a) * glm::length(b);
            if (scale > 1e-9f)
                sum += glm::transpose(pose.rotations[m_map[joint]]) * (glm::cross(a, b) / scale);
        }
        return sum / float(m_samples.size());
    }

    /// The alignment for which the joint is, over the clip, not turned against its parent.
    glm::mat3 untwisted(int joint) const {
        int parent = m_model.parents[joint];
        while (m_map[parent] < 0 && parent > 0)
            parent = m_model.parents[parent];
        glm::mat3 sum(0.f);
        for (const BvhFramePose& pose : m_samples)
            sum += glm::transpose(pose.rotations[m_map[joint]]) * pose.rotations[m_map[parent]] *
                   m_result[parent];
        return nearestRotation(sum / float(m_samples.size()));
    }

    const BvhFile& m_file;
    const std::array<int, kBodyJoints>& m_map;
    const BodyModel& m_model;
    BvhFramePose m_zero;
    std::vector<BvhFramePose> m_samples;
    glm::mat3 m_whole{1.f};
    std::array<glm::mat3, kBodyJoints> m_result;
};

} // namespace

int nextInLimb(int joint) {
    static constexpr std::array<int, kBodyJoints> kNext{
        -1, 4, 5, -1, 7, 8, -1, 10, 11, -1, -1, -1, -1, 16, 17, -1, 18, 19, 20, 21, 22, 23, -1, -1};
    return kNext[joint];
}

RestAlignment alignRest(const BvhFile& file, const SkeletonMap& map, const BodyModel& model) {
    return Aligner(file, map, model).run();
}

} // namespace strata
