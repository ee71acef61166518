// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/evidence.h"

namespace strata {

/// What the unseen part of the head is painted with: hair in the colour of what the picture shows
/// above the forehead, with the picture's own strands, never the face.
class HeadHair {
public:
    HeadHair(const BodyModel& model, std::span<const glm::vec3> rest, const SubjectView& view,
             const ImageF& albedo, const PosedSurface& surface, const Evidence& evidence);

    /// 0..1: a point of the head in the rest pose is covered with hair.
    float share(const glm::vec3& rest) const;
    glm::vec3 color(const glm::vec3& rest) const;
    /// 0..1, for soft outlines; the same measure without knowing the picture.
    static float scalp(const glm::vec3& rest, const glm::vec3& headJoint, float top);

private:
    glm::vec3 m_joint{0.f};
    float m_top = 0;
    glm::vec3 m_mean{0.f};
    bool m_known = false;
};

} // namespace strata
