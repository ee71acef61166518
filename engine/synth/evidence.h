// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/head_map.h"
#include "engine/synth/subject_view.h"

#include <optional>

namespace strata {

/// Both colours have about the same hue (`tolerance` in shares of red and green) and are not too
/// far apart in brightness.
bool likeColor(const glm::vec3& a, const glm::vec3& b, float tolerance);

/// Where colours for a point of the body may be read in the picture, and how far they can be
/// trusted.
class Evidence {
public:
    Evidence(const ShapedBody& body, const HeadMap& head, const SubjectView& view,
             const PosedSurface& surface);

    /// Pixel that a point (camera frame) falls on.
    glm::vec2 pixelOf(const glm::vec3& point) const;
    /// Where the surface that hides a point is seen at the point's own height and side, which is
    /// not where the point itself would be: what is farther away is drawn smaller.
    glm::vec2 pixelThrough(const glm::vec3& point) const;
    /// 0..1: the point is seen by the camera, not too edge-on, not beside a nearer part of the
    /// body, and what is seen there can belong to the joint's part: hands are skin, clothes beside
    /// a hand are not, and hair or a hem before a bare arm is not the arm's.
    float seen(const glm::vec3& point, const glm::vec3& normal, int joint) const;
    float seen(std::size_t vertex) const;
    /// 0..1: whatever is seen at the pixel belongs to the region of the body that this joint is in.
    float seenThrough(glm::vec2 pixel, int joint) const;
    /// Normals without the small relief of face and fingers, which the fit cannot place exactly
    /// anyway.
    std::span<const glm::vec3> normals() const { return m_normals; }
    /// The camera looks at the person's front.
    bool seesFront() const { return m_seesFront; }
    const std::optional<glm::vec3>& skin() const { return m_skin; }
    bool likeSkin(const glm::vec3& color) const;

private:
    std::size_t indexAt(glm::vec2 pixel) const;
    void smoothNormals();
    void markEdges();
    void findSkin(const HeadMap& head);
    void markHands();
    void leaveOut(const ImageF& mistaken);
    float fitting(glm::vec2 pixel, int joint) const;

    const BodyModel& m_model;
    const SubjectView& m_view;
    const PosedSurface& m_surface;
    std::vector<glm::vec3> m_normals;
    ImageF m_trust;                  // 0 where a nearer part of the body may cover the pixel
    ImageF m_hands;                  // above 0 where a hand may be
    std::optional<glm::vec3> m_skin; // linear
    bool m_seesFront = true;
};

} // namespace strata
