// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/leg_cones.h"
#include "engine/train/render/garment.h"
#include "engine/train/render/scene.h"

namespace strata {

/// What a person wears and the material of it.
struct Outfit {
    std::vector<Garment> garments;
    std::vector<Material> materials; // one per garment
};

/// A body of one shape with its clothes, put into a scene pose by pose.
class DressedPerson {
public:
    /// `model` must outlive this. `skinOf` makes the skin's material for the faces of the body that
    /// are drawn.
    DressedPerson(const BodyModel& model, const Betas& betas, Outfit outfit,
                  const std::function<Material(const std::vector<std::uint32_t>&)>& skinOf);

    /// Adds skin, clothes and hair in this pose to the scene, with the balls that shade the ground.
    void addTo(Scene& scene, const BodyPose& pose, SceneLayer layer = SceneLayer::Human) const;

    const ShapedBody& body() const { return m_body; }

private:
    const BodyModel* m_model;
    ShapedBody m_body;
    LegCones m_legs;
    std::vector<std::uint32_t> m_faces; // of the body that are drawn
    std::vector<Garment> m_garments;    // in the T-pose of this shape
    struct Hanging {
        std::size_t vertex;
        LegCones::Room room;
    };
    std::vector<std::vector<Hanging>> m_hanging; // of each garment, what hangs around the legs
    std::vector<std::shared_ptr<const Material>> m_materials; // skin first
    std::vector<glm::vec3> m_templateVertices;
};

} // namespace strata
