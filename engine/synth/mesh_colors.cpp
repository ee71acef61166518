// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/mesh_colors.h"

#include "engine/synth/matte_tools.h"

#include <algorithm>

namespace strata {

std::vector<glm::vec3> spreadOverMesh(const BodyModel& model, const RasterBuffers& atlas,
                                      const ImageF& color, const ImageF& open) {
    const std::size_t vertices = model.vTemplate.size();
    std::vector<glm::vec3> sum(vertices, glm::vec3(0.f));
    std::vector<float> weight(vertices, 0.f), texels(vertices, 0.f);
    for (std::size_t i = 0; i < atlas.face.size(); ++i) {
        if (atlas.face[i] < 0)
            continue;
        const auto& f = model.faces[std::size_t(atlas.face[i])];
        const float b0 = atlas.barycentric[2 * i], b1 = atlas.barycentric[2 * i + 1];
        const float b[3] = {b0, b1, 1.f - b0 - b1};
        const float* c = color.data() + 3 * i;
        for (int k = 0; k < 3; ++k) {
            sum[f[k]] += b[k] * glm::vec3(c[0], c[1], c[2]);
            weight[f[k]] += b[k] * (1.f - open.data()[i]);
            texels[f[k]] += b[k];
        }
    }
    // Known vertices hold their colour as firmly as the share of known texels around them.
    std::vector<glm::vec3> out(vertices, glm::vec3(0.f));
    std::vector<float> hold(vertices, 0.f);
    glm::dvec3 mean(0.0);
    double meanWeight = 1e-9;
    for (std::size_t v = 0; v < vertices; ++v) {
        mean += glm::dvec3(sum[v]);
        meanWeight += weight[v];
        if (weight[v] > 1e-3f && texels[v] > 0.f) {
            sum[v] /= weight[v];
            hold[v] = 8.f * weight[v] / texels[v];
        }
    }
    for (std::size_t v = 0; v < vertices; ++v)
        out[v] = hold[v] > 0.f ? sum[v] : glm::vec3(mean / meanWeight);
    const Neighbours neighbours = neighboursOf(model.faces, vertices);
    for (int sweep = 0; sweep < 400; ++sweep) {
        for (std::size_t i = 0; i < vertices; ++i) {
            const std::size_t v = sweep % 2 ? vertices - 1 - i : i;
            const auto near = neighbours.of(v);
            glm::vec3 total = hold[v] * sum[v];
            for (const auto u : near)
                total += out[u];
            out[v] = total / (hold[v] + float(near.size()) + 1e-6f);
        }
    }
    return out;
}

void fillOutsideCharts(ImageF& color, ImageF& open) {
    ImageF known(open.width(), open.height(), 1);
    for (std::size_t i = 0; i < open.count(); ++i)
        known.data()[i] = 1.f - open.data()[i];
    fillUnknown(color, known);
    std::fill(open.data(), open.data() + open.count(), 0.f);
}

} // namespace strata
