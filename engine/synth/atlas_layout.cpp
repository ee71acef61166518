// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/atlas_layout.h"

#include "engine/synth/head_map.h"

#include <algorithm>

namespace strata {

AtlasLayout layOutAtlas(const BodyModel& model) {
    AtlasLayout layout{model.uvVertices, model.uvFaces};
    if (layout.faces.size() != model.faces.size())
        return layout;
    const HeadMap head = mapHead(ShapedBody(model, {}));
    std::vector<std::size_t> front;
    glm::vec2 low(1e9f), high(-1e9f);
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        const auto& face = model.faces[f];
        if (std::min({head.face[face.x], head.face[face.y], head.face[face.z]}) < 0.3f)
            continue;
        front.push_back(f);
        for (int k = 0; k < 3; ++k) {
            low = glm::min(low, glm::vec2(model.vTemplate[face[k]]));
            high = glm::max(high, glm::vec2(model.vTemplate[face[k]]));
        }
    }
    if (front.empty())
        return layout;
    const glm::vec2 room = kFaceCorner.high - kFaceCorner.low;
    const float scale = std::min(room.x / (high.x - low.x), room.y / (high.y - low.y));
    std::vector<std::uint32_t> chart(model.vTemplate.size(), ~0u);
    for (const std::size_t f : front)
        for (int k = 0; k < 3; ++k) {
            const std::uint32_t v = model.faces[f][k];
            if (chart[v] == ~0u) {
                chart[v] = std::uint32_t(layout.vertices.size());
                layout.vertices.push_back(kFaceCorner.low +
                                          scale * (glm::vec2(model.vTemplate[v]) - low));
            }
            layout.faces[f][k] = chart[v];
        }
    return layout;
}

} // namespace strata
