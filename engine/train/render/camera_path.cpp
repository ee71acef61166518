// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/camera_path.h"

#include "engine/train/render/noise.h"

#include <cmath>

namespace strata {

Camera lookAt(const glm::vec3& eye, const glm::vec3& target, Size size, float focal, float roll) {
    const glm::vec3 forward = glm::normalize(target - eye);
    const glm::vec3 level = glm::normalize(glm::cross(forward, glm::vec3(0, 1, 0)));
    const glm::vec3 under = glm::cross(forward, level);
    const glm::vec3 right = std::cos(roll) * level + std::sin(roll) * under;
    const glm::vec3 down = glm::cross(forward, right);
    Camera camera;
    camera.size = size;
    camera.fx = camera.fy = focal;
    camera.cx = float(size.width) / 2;
    camera.cy = float(size.height) / 2;
    camera.rotation = glm::transpose(glm::mat3(right, down, forward));
    camera.translation = -(camera.rotation * eye);
    return camera;
}

Camera HandHeldPath::at(double t, double part, Size size) const {
    const auto s = float(part * part * (3 - 2 * part));
    // Slow drift of the body and faster trembling of the hands, both smooth.
    const auto drift = [&](int k) {
        const auto time = float(t);
        return 0.75f * valueNoise({time * 0.9f, float(k) * 7.1f, float(seed)}) +
               0.25f * valueNoise({time * 2.7f, float(k) * 3.3f, float(seed) + 9.f});
    };
    const glm::vec3 eye =
        glm::mix(eyeFrom, eyeTo, s) + sway * glm::vec3(drift(0), drift(1), drift(2));
    glm::vec3 target = glm::mix(targetFrom, targetTo, s);
    const float distance = glm::distance(eye, target);
    target += shake * distance * glm::vec3(drift(3), drift(4), drift(5));
    return lookAt(eye, target, size, focal, 0.6f * shake * drift(6));
}

} // namespace strata
