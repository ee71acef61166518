// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body_arrays.h"

#include <algorithm>

namespace strata {
namespace {

constexpr float kRadians = 0.01745329252f;

/// All places in the UV atlas where a vertex appears; more than one along a seam.
std::vector<std::vector<std::uint32_t>> uvPlaces(const BodyModel& body) {
    std::vector<std::vector<std::uint32_t>> places(body.vTemplate.size());
    for (std::size_t f = 0; f < body.uvFaces.size(); ++f) {
        for (int c = 0; c < 3; ++c) {
            auto& list = places[body.faces[f][c]];
            if (std::find(list.begin(), list.end(), body.uvFaces[f][c]) == list.end())
                list.push_back(body.uvFaces[f][c]);
        }
    }
    return places;
}

/// The choice of one place per corner whose triangle in the atlas has the shortest outline, that
/// is, which does not reach across a seam.
glm::uvec3 tightestCorners(const std::array<const std::vector<std::uint32_t>*, 3>& places,
                           const std::vector<glm::vec2>& uv) {
    glm::uvec3 best(0);
    float bestLength = 1e30f;
    for (const auto a : *places[0]) {
        for (const auto b : *places[1]) {
            for (const auto c : *places[2]) {
                const float length = glm::distance(uv[a], uv[b]) + glm::distance(uv[b], uv[c]) +
                                     glm::distance(uv[c], uv[a]);
                if (length < bestLength) {
                    bestLength = length;
                    best = {a, b, c};
                }
            }
        }
    }
    return best;
}

} // namespace

void borrowAppearance(BodyModel& model, const BodyModel& freeBody) {
    model.partLabels = freeBody.partLabels;
    model.mirrorIndex = freeBody.mirrorIndex;
    model.eyeLabels = freeBody.eyeLabels;
    model.aPose = freeBody.aPose;
    const auto places = uvPlaces(freeBody);
    std::vector<glm::uvec3> corners(model.faces.size());
    for (std::size_t f = 0; f < corners.size(); ++f) {
        const glm::uvec3& face = model.faces[f];
        corners[f] = tightestCorners({&places[face.x], &places[face.y], &places[face.z]},
                                     freeBody.uvVertices);
    }
    model.uvVertices = freeBody.uvVertices;
    model.uvFaces = std::move(corners);
}

void fillMissingAppearance(BodyModel& model) {
    model.partLabels.resize(model.bones.size());
    for (std::size_t v = 0; v < model.bones.size(); ++v)
        model.partLabels[v] = model.bones[v][0];
    // Arms 45 degrees down: a fifth of it in the collars.
    model.aPose.fill(glm::vec3(0.f));
    model.aPose[13].z = -9.f * kRadians;
    model.aPose[14].z = 9.f * kRadians;
    model.aPose[16].z = -36.f * kRadians;
    model.aPose[17].z = 36.f * kRadians;
}

} // namespace strata
