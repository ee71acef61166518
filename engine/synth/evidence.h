// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/subject_view.h"

namespace strata {

/// Where colours for a point of the body may be read in the picture, and how far they can be
/// trusted.
class Evidence {
public:
    Evidence(const BodyModel& model, const SubjectView& view, const PosedSurface& surface);

    /// Pixel that a point (camera frame) falls on.
    glm::vec2 pixelOf(const glm::vec3& point) const;
    /// 0..1: the point is seen by the camera, not too edge-on, and not beside a nearer part of the
    /// body.
    float seen(const glm::vec3& point, const glm::vec3& normal) const;
    /// 0..1: whatever is seen at the pixel belongs to this region of the body.
    float seenThrough(glm::vec2 pixel, BodyRegion region) const;
    /// The camera looks at the person's front.
    bool seesFront() const { return m_seesFront; }

private:
    std::size_t indexAt(glm::vec2 pixel) const;
    void markEdges();

    const BodyModel& m_model;
    const SubjectView& m_view;
    const PosedSurface& m_surface;
    ImageF m_trust; // 0 where a nearer part of the body may cover the pixel
    bool m_seesFront = true;
};

} // namespace strata
