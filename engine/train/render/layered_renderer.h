// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/render/layered_frame.h"
#include "engine/train/render/scene_geometry.h"
#include "engine/train/render/shadow_map.h"

#include <memory>

namespace strata {

namespace layered {
struct Shader;
}

/// What is seen where no object is. Without a picture that is the sky of the light.
struct Backdrop {
    /// Linear display light of a direction (unit length); no tone mapping follows. `angle` is the
    /// size of a pixel in radians.
    std::function<glm::vec3(const glm::vec3& direction, float angle)> color;
    /// The person's shadow falls on the plane y = 0 of the picture; so much of its light is sun.
    float sunShare = 0.5f;
};

struct LayerOptions {
    int samplesPerSide = 2;
    int stillShadowSize = 1024;
    int movingShadowSize = 256; // for the person, in a ball of `subjectRadius`
    float exposure = 1.f;
};

/// Draws the layers of many frames of one scene fast: colour is found once per pixel and object
/// (the person's at every sample), edges are found at every sample, and what does not change from
/// frame to frame is kept.
class LayeredRenderer {
public:
    /// Background and occluders that stand still, with their light.
    LayeredRenderer(Scene still, Backdrop backdrop, LayerOptions options);

    /// What is behind, seen by one camera. Good for every frame that this camera takes.
    struct View;
    std::shared_ptr<const View> view(const Camera& camera) const;

    /// The person, and occluders that move (which cast no shadow), in front of a view. Shadow falls
    /// from what is within `radius` of `centre`. May be called from several threads.
    LayeredFrame frame(const View& view, const Scene& moving, const glm::vec3& centre,
                       float radius) const;

    const Scene& still() const { return m_still; }

private:
    ImageU8 relit(const View& view, std::span<const AmbientBlocker> blockers,
                  const ShadowMap& shadow, const layered::Shader& shader) const;

    Scene m_still;
    Backdrop m_backdrop;
    LayerOptions m_options;
    SceneGeometry m_background, m_occluders;
    std::unique_ptr<const ShadowMap> m_shadow;
};

} // namespace strata
