// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/posed_body.h"

namespace strata {

const std::vector<glm::vec3>& PosedBody::posed(std::int64_t frame) {
    const auto at = std::size_t(frame);
    BodyPose pose = motion().frames[at];
    pose.translation = glm::vec3(0.f); // added after the body has its size
    m_shaped.pose(pose, m_vertices, {});
    const Camera& camera = motion().cameras[at];
    for (auto& v : m_vertices)
        v = camera.toCamera(v * m_placed.bodyScale + motion().frames[at].translation);
    return m_vertices;
}

} // namespace strata
