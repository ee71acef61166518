// SPDX-License-Identifier: Apache-2.0
#include "engine/body/bone_transforms.h"

namespace strata {

glm::mat3 BoneTransforms::blendedRotation(const std::array<std::uint8_t, 4>& bones,
                                          const glm::vec4& weights) const {
    glm::mat3 sum(0.f);
    for (int k = 0; k < 4; ++k)
        if (weights[k] != 0.f)
            sum += weights[k] * rotation[bones[std::size_t(k)]];
    return sum;
}

glm::vec3 BoneTransforms::point(const glm::vec3& rest, const std::array<std::uint8_t, 4>& bones,
                                const glm::vec4& weights) const {
    glm::vec3 sum(0.f);
    for (int k = 0; k < 4; ++k) {
        const std::size_t bone = bones[std::size_t(k)];
        sum += weights[k] * (rotation[bone] * rest + offset[bone]);
    }
    return sum;
}

BoneTransforms boneTransforms(const ShapedBody& body, const BodyPose& pose) {
    BoneTransforms out;
    const auto rest = body.restJoints();
    const auto& parents = body.model().parents;
    std::array<glm::vec3, kBodyJoints> joints;
    for (std::size_t j = 0; j < kBodyJoints; ++j) {
        const glm::mat3 own = rotationOf(pose.rotations[j]);
        const int parent = parents[j];
        if (parent < 0) {
            out.rotation[j] = own;
            joints[j] = rest[j] + pose.translation;
        } else {
            const auto p = std::size_t(parent);
            out.rotation[j] = out.rotation[p] * own;
            joints[j] = out.rotation[p] * (rest[j] - rest[p]) + joints[p];
        }
        out.offset[j] = joints[j] - out.rotation[j] * rest[j];
    }
    return out;
}

} // namespace strata
