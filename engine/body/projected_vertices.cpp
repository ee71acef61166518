// SPDX-License-Identifier: Apache-2.0
#include "engine/body/projected_vertices.h"

namespace strata {

std::vector<float> projectedVertices(const ShapedBody& body, const BodyPose& pose,
                                     const Camera& camera) {
    std::vector<glm::vec3> vertices(body.restVertices().size());
    body.pose(pose, vertices, {});
    std::vector<float> places;
    places.reserve(2 * vertices.size());
    for (const auto& vertex : vertices) {
        const glm::vec2 place = camera.project(vertex);
        places.insert(places.end(), {place.x, place.y});
    }
    return places;
}

} // namespace strata
