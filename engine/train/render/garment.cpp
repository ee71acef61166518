// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/garment.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr float kRim = 0.03f; // metres: what the rim below takes away again under a skirt

/// Height of the hem of what goes around both legs below the crotch; none: far above the body.
float skirtHem(const BodyModel& model, const Garment& garment) {
    constexpr float kBelowHips = 0.15f, kBoth = 0.1f; // metres; least weight of either leg
    const float top = std::min(model.jointTemplate[1].y, model.jointTemplate[2].y) - kBelowHips;
    float hem = 1e9f;
    for (std::size_t i = 0; i < garment.mesh.vertices.size(); ++i) {
        float left = 0, right = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const int joint = garment.bones[i][k];
            left += joint == 1 || joint == 4 ? garment.boneWeights[i][int(k)] : 0.f;
            right += joint == 2 || joint == 5 ? garment.boneWeights[i][int(k)] : 0.f;
        }
        const float y = garment.mesh.vertices[i].y;
        if (left > kBoth && right > kBoth && y < top)
            hem = std::min(hem, y);
    }
    return hem;
}

} // namespace

float texelDensity(const Mesh& mesh, int size) {
    double area = 0;
    double uvArea = 0;
    for (std::size_t f = 0; f < mesh.uvFaces.size(); ++f) {
        const auto& v = mesh.faces[f];
        const auto& t = mesh.uvFaces[f];
        area += glm::length(glm::cross(mesh.vertices[v.y] - mesh.vertices[v.x],
                                       mesh.vertices[v.z] - mesh.vertices[v.x]));
        const glm::vec2 a = mesh.uv[t.y] - mesh.uv[t.x];
        const glm::vec2 b = mesh.uv[t.z] - mesh.uv[t.x];
        uvArea += std::abs(a.x * b.y - a.y * b.x);
    }
    return area > 0 ? float(std::sqrt(uvArea / area)) * float(size) : 0.f;
}

void pushOutside(Garment& garment, const BodyModel& model, float gap) {
    const auto normals = vertexNormals(model.vTemplate, model.faces);
    auto& vertices = garment.mesh.vertices;
    parallelFor(0, std::int64_t(vertices.size()), 64, [&](std::int64_t begin, std::int64_t end) {
        for (auto i = std::size_t(begin); i < std::size_t(end); ++i) {
            std::size_t best = 0;
            float bestDistance = std::numeric_limits<float>::infinity();
            for (std::size_t b = 0; b < model.vTemplate.size(); ++b) {
                const glm::vec3 d = vertices[i] - model.vTemplate[b];
                if (const float distance = glm::dot(d, d); distance < bestDistance) {
                    bestDistance = distance;
                    best = b;
                }
            }
            const float height = glm::dot(vertices[i] - model.vTemplate[best], normals[best]);
            // Squeezed into the last millimetres rather than cut, so that layers of cloth keep
            // their order.
            constexpr float floor = 0.003f;
            const float room = std::max(gap - floor, 1e-4f);
            const float raised = floor + room * std::exp((height - gap) / room);
            if (height < gap && bestDistance < 0.05f * 0.05f)
                vertices[i] += normals[best] * (raised - height);
        }
    });
    garment.mesh.normals = vertexNormals(vertices, garment.mesh.faces);
    garment.mesh.rest = vertices;
}

std::vector<std::uint8_t> coverOf(const BodyModel& model, const Garment& garment) {
    const auto normals = vertexNormals(model.vTemplate, model.faces);
    std::vector<std::uint8_t> covered(model.vTemplate.size(), 0);
    parallelFor(0, std::int64_t(covered.size()), 64, [&](std::int64_t begin, std::int64_t end) {
        for (auto b = std::size_t(begin); b < std::size_t(end); ++b) {
            // Cloth on at least three sides of the ray along the normal.
            int sectors = 0;
            const glm::vec3 n = normals[b];
            const glm::vec3 any = std::abs(n.y) < 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
            const glm::vec3 e1 = glm::normalize(glm::cross(n, any));
            const glm::vec3 e2 = glm::cross(n, e1);
            for (const auto& v : garment.mesh.vertices) {
                const glm::vec3 d = v - model.vTemplate[b];
                if (glm::dot(d, d) > 0.09f * 0.09f || glm::dot(d, n) < -0.012f)
                    continue;
                const float x = glm::dot(d, e1);
                const float y = glm::dot(d, e2);
                sectors |= 1 << ((x > 0) + 2 * (y > 0));
            }
            covered[b] = std::popcount(unsigned(sectors)) >= 3;
        }
    });
    return covered;
}

std::vector<std::uint32_t> visibleBodyFaces(const BodyModel& model,
                                            const std::vector<Garment>& garments) {
    std::vector<std::uint8_t> covered(model.vTemplate.size(), 0);
    for (const auto& garment : garments) {
        if (!garment.hidesSkin)
            continue;
        const auto own = garment.covers.empty() ? coverOf(model, garment) : garment.covers;
        for (std::size_t b = 0; b < covered.size(); ++b)
            covered[b] |= own[b];
        // Legs in a skirt cannot be seen, however far from it they are.
        const float hem = skirtHem(model, garment) - kRim;
        for (std::size_t b = 0; b < covered.size(); ++b) {
            const int joint = model.bones[b][0];
            if ((joint == 1 || joint == 2 || joint == 4 || joint == 5) &&
                model.vTemplate[b].y > hem)
                covered[b] = 1;
        }
    }
    for (int ring = 0; ring < 2; ++ring) { // leave a rim
        auto eroded = covered;
        for (const auto& f : model.faces)
            if (!covered[f.x] || !covered[f.y] || !covered[f.z])
                eroded[f.x] = eroded[f.y] = eroded[f.z] = 0;
        covered = std::move(eroded);
    }
    std::vector<std::uint32_t> visible;
    for (std::uint32_t f = 0; f < model.faces.size(); ++f) {
        const auto& face = model.faces[f];
        if (!covered[face.x] || !covered[face.y] || !covered[face.z])
            visible.push_back(f);
    }
    return visible;
}

} // namespace strata
