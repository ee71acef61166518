// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/camera.h"

#include <functional>

namespace strata {

/// A camera at `eye` that looks at `target`, level horizon turned by `roll` radians.
Camera lookAt(const glm::vec3& eye, const glm::vec3& target, Size size, float focal,
              float roll = 0.f);

/// A camera carried by hand: it moves and turns from one pose to another and is never quite still.
struct HandHeldPath {
    glm::vec3 eyeFrom{0.f, 1.5f, 5.f}, eyeTo{0.f, 1.5f, 5.f};
    glm::vec3 targetFrom{0.f, 1.f, 0.f}, targetTo{0.f, 1.f, 0.f};
    float focal = 800.f;   // pixels
    float sway = 0.015f;   // metres
    float shake = 0.0025f; // radians
    std::int32_t seed = 1;

    /// `t` in seconds, `part` 0..1 along the path (eased in and out).
    Camera at(double t, double part, Size size) const;
};

} // namespace strata
