// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"
#include "engine/train/render/scene.h"

namespace strata {

/// Depth seen from the sun, which is put so far away that its rays are parallel.
class ShadowMap {
public:
    /// `vertices` [V, 3] and `faces` [F, 3] are the casters in the world.
    ShadowMap(std::span<const float> vertices, std::span<const std::uint32_t> faces,
              const Lighting& light, int size);

    /// Part of the sun that reaches the point, 0..1; 1 outside the region.
    float lit(const glm::vec3& position, const glm::vec3& normal) const;

private:
    glm::mat3 m_rotation{1.f};
    glm::vec3 m_eye{0.f};
    float m_texel = 0.01f; // metres
    int m_reach = 1;       // texels on each side that are averaged
    RasterCamera m_camera;
    std::vector<float> m_depth;
};

} // namespace strata
