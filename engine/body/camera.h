// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <glm/glm.hpp>

namespace strata {

/// Pinhole camera without distortion. Camera frame: x right, y down, z forward (OpenCV's).
/// X_camera = rotation * X_world + translation;  u = fx X/Z + cx,  v = fy Y/Z + cy.
/// Pixel coordinates: the centre of the top left pixel is (0.5, 0.5).
struct Camera {
    Size size;
    float fx = 0, fy = 0, cx = 0, cy = 0;
    glm::mat3 rotation{1.f};
    glm::vec3 translation{0.f};

    glm::vec3 toCamera(const glm::vec3& world) const { return rotation * world + translation; }
    glm::vec2 project(const glm::vec3& world) const {
        const glm::vec3 p = toCamera(world);
        return {fx * p.x / p.z + cx, fy * p.y / p.z + cy};
    }
};

} // namespace strata
