// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/evidence.h"

namespace strata {

/// What the unseen part of the head is painted with: hair in the colour of what the picture shows
/// above the forehead, never the face. Long hair goes on over nape and shoulders.
class HeadHair {
public:
    HeadHair(const BodyModel& model, const HeadMap& head, const SubjectView& view,
             const ImageF& albedo, const PosedSurface& surface, const Evidence& evidence);

    /// There is hair, or what cannot be told from it.
    bool known() const { return m_known; }
    /// Height in the rest pose down to which hair hangs.
    float bottom() const { return m_bottom; }
    /// 0..1: a point in the rest pose that the picture does not show is covered with hair.
    float share(const glm::vec3& rest) const;
    glm::vec3 color(const glm::vec3& rest) const;

private:
    void measureLength(const SubjectView& view, const ImageF& albedo, const PosedSurface& surface,
                       const Evidence& evidence);

    const BodyModel& m_model;
    const HeadMap& m_head;
    glm::vec3 m_mean{0.f};
    bool m_known = false;
    float m_bottom = 1e9f;
};

} // namespace strata
