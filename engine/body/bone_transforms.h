// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"

#include <glm/glm.hpp>

#include <array>

namespace strata {

/// Where the bones of a posed body are: x_posed = rotation * x_rest + offset for what hangs on one
/// bone alone.
struct BoneTransforms {
    std::array<glm::mat3, kBodyJoints> rotation;
    std::array<glm::vec3, kBodyJoints> offset; // translation of the pose included

    /// The blended rotation part: carries displacements of the rest pose into the posed one.
    glm::mat3 blendedRotation(const std::array<std::uint8_t, 4>& bones,
                              const glm::vec4& weights) const;
    glm::vec3 point(const glm::vec3& rest, const std::array<std::uint8_t, 4>& bones,
                    const glm::vec4& weights) const;
};

BoneTransforms boneTransforms(const ShapedBody& body, const BodyPose& pose);

} // namespace strata
