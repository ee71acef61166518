// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/mesh.h"

#include "engine/train/render/noise.h"

#include <algorithm>
#include <cmath>

namespace strata {

std::vector<glm::vec3> vertexNormals(const std::vector<glm::vec3>& vertices,
                                     const std::vector<glm::uvec3>& faces) {
    std::vector<glm::vec3> normals(vertices.size(), glm::vec3(0.f));
    for (const auto& f : faces) {
        const glm::vec3 normal =
            glm::cross(vertices[f.y] - vertices[f.x], vertices[f.z] - vertices[f.x]);
        for (int k = 0; k < 3; ++k)
            normals[f[k]] += normal;
    }
    for (auto& normal : normals) {
        const float length = glm::length(normal);
        normal = length > 0 ? normal / length : glm::vec3(0, 1, 0);
    }
    return normals;
}

void append(Mesh& mesh, const Mesh& other) {
    const auto first = std::uint32_t(mesh.vertices.size());
    const auto firstUv = std::uint32_t(mesh.uv.size());
    mesh.vertices.insert(mesh.vertices.end(), other.vertices.begin(), other.vertices.end());
    mesh.normals.insert(mesh.normals.end(), other.normals.begin(), other.normals.end());
    mesh.rest.insert(mesh.rest.end(), other.rest.begin(), other.rest.end());
    mesh.uv.insert(mesh.uv.end(), other.uv.begin(), other.uv.end());
    for (const auto& f : other.faces)
        mesh.faces.push_back(f + first);
    for (const auto& f : other.uvFaces)
        mesh.uvFaces.push_back(f + firstUv);
}

Mesh makeQuad(const glm::vec3& a, const glm::vec3& b, const glm::vec3& c, const glm::vec3& d) {
    Mesh mesh;
    mesh.vertices = {a, b, c, d};
    mesh.normals.assign(4, glm::normalize(glm::cross(b - a, d - a)));
    mesh.faces = {{0, 1, 2}, {0, 2, 3}};
    mesh.uv = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    mesh.uvFaces = mesh.faces;
    return mesh;
}

Mesh makeBox(const glm::vec3& low, const glm::vec3& high) {
    const auto at = [&](int x, int y, int z) {
        return glm::vec3(x ? high.x : low.x, y ? high.y : low.y, z ? high.z : low.z);
    };
    Mesh mesh;
    append(mesh, makeQuad(at(0, 0, 1), at(1, 0, 1), at(1, 1, 1), at(0, 1, 1)));
    append(mesh, makeQuad(at(1, 0, 0), at(0, 0, 0), at(0, 1, 0), at(1, 1, 0)));
    append(mesh, makeQuad(at(1, 0, 1), at(1, 0, 0), at(1, 1, 0), at(1, 1, 1)));
    append(mesh, makeQuad(at(0, 0, 0), at(0, 0, 1), at(0, 1, 1), at(0, 1, 0)));
    append(mesh, makeQuad(at(0, 1, 1), at(1, 1, 1), at(1, 1, 0), at(0, 1, 0)));
    append(mesh, makeQuad(at(0, 0, 0), at(1, 0, 0), at(1, 0, 1), at(0, 0, 1)));
    return mesh;
}

Mesh makeCylinder(const glm::vec3& foot, float radius, float topRadius, float height,
                  int segments) {
    Mesh mesh;
    for (int ring = 0; ring < 2; ++ring)
        for (int i = 0; i < segments; ++i) {
            const float phi = 2 * float(M_PI) * float(i) / float(segments);
            const glm::vec3 out(std::cos(phi), 0, std::sin(phi));
            mesh.vertices.push_back(foot + out * (ring ? topRadius : radius) +
                                    glm::vec3(0, ring ? height : 0, 0));
            mesh.normals.push_back(out);
        }
    const auto n = std::uint32_t(segments);
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t j = (i + 1) % n;
        mesh.faces.push_back({i, n + i, j});
        mesh.faces.push_back({j, n + i, n + j});
    }
    Mesh cap;
    for (std::uint32_t i = 0; i < n; ++i)
        cap.vertices.push_back(mesh.vertices[n + i]);
    cap.normals.assign(n, {0, 1, 0});
    for (std::uint32_t i = 1; i + 1 < n; ++i)
        cap.faces.push_back({0, i + 1, i});
    append(mesh, cap);
    return mesh;
}

Mesh makeEllipsoid(const glm::vec3& centre, const glm::vec3& radii, int rings, int segments) {
    Mesh mesh;
    for (int r = 0; r <= rings; ++r)
        for (int s = 0; s < segments; ++s) {
            const float theta = float(M_PI) * float(r) / float(rings);
            const float phi = 2 * float(M_PI) * float(s) / float(segments);
            const glm::vec3 p(std::sin(theta) * std::cos(phi), std::cos(theta),
                              std::sin(theta) * std::sin(phi));
            mesh.vertices.push_back(centre + p * radii);
            mesh.normals.push_back(glm::normalize(p / radii));
        }
    for (int r = 0; r < rings; ++r)
        for (int s = 0; s < segments; ++s) {
            const auto a = std::uint32_t(r * segments + s);
            const auto b = std::uint32_t(r * segments + (s + 1) % segments);
            const auto c = a + std::uint32_t(segments);
            const auto d = b + std::uint32_t(segments);
            mesh.faces.push_back({a, b, c});
            mesh.faces.push_back({b, d, c});
        }
    return mesh;
}

Mesh makeLeaves(const LeafCloud& cloud) {
    Mesh mesh;
    for (int i = 0; i < cloud.leaves; ++i) {
        const auto random = [&](int k) { return hash01(i, k, cloud.seed); };
        const float z = random(0) * 2 - 1;
        const float phi = random(1) * 2 * float(M_PI);
        const float ring = std::sqrt(std::max(0.f, 1 - z * z));
        const glm::vec3 out(ring * std::cos(phi), z, ring * std::sin(phi));
        const float depth = 1 - 0.45f * random(2) * random(2);
        const float lump = 1 + 0.16f * valueNoise(out * 2.3f + float(cloud.seed));
        const glm::vec3 p = cloud.centre + out * cloud.radii * depth * lump;
        const glm::vec3 tilt(random(3) - 0.5f, random(4) - 0.5f, random(5) - 0.5f);
        const glm::vec3 normal = glm::normalize(out + 1.3f * tilt);
        const glm::vec3 any = std::abs(normal.y) < 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
        const glm::vec3 side = glm::normalize(glm::cross(normal, any));
        const float angle = random(6) * 6.28f;
        const glm::vec3 along = std::cos(angle) * side + std::sin(angle) * glm::cross(normal, side);
        const float length = cloud.leafLength * (0.7f + 0.6f * random(7));
        const glm::vec3 across = glm::cross(normal, along) * (length * 0.28f);
        const auto first = std::uint32_t(mesh.vertices.size());
        mesh.vertices.insert(mesh.vertices.end(), {p - along * (length * 0.5f), p + across,
                                                   p + along * (length * 0.5f), p - across});
        // Bent towards the outside of the crown: a leaf is lit like the crown it belongs to.
        mesh.normals.insert(mesh.normals.end(), 4, glm::normalize(normal + out));
        mesh.faces.push_back({first, first + 1, first + 2});
        mesh.faces.push_back({first, first + 2, first + 3});
    }
    return mesh;
}

namespace {

/// Halves the longest edge of triangle `f` of the list; both halves stay in the list.
void split(Mesh& mesh, std::size_t f, int edge) {
    const glm::uvec3 face = mesh.faces[f];
    const auto a = face[edge];
    const auto b = face[(edge + 1) % 3];
    const auto c = face[(edge + 2) % 3];
    const auto middle = std::uint32_t(mesh.vertices.size());
    mesh.vertices.push_back((mesh.vertices[a] + mesh.vertices[b]) * 0.5f);
    mesh.normals.push_back(glm::normalize(mesh.normals[a] + mesh.normals[b] + glm::vec3(1e-12f)));
    if (!mesh.rest.empty())
        mesh.rest.push_back((mesh.rest[a] + mesh.rest[b]) * 0.5f);
    mesh.faces[f] = {a, middle, c};
    mesh.faces.push_back({middle, b, c});
    if (mesh.uvFaces.empty())
        return;
    const glm::uvec3 uvFace = mesh.uvFaces[f];
    const auto ta = uvFace[edge];
    const auto tb = uvFace[(edge + 1) % 3];
    const auto tc = uvFace[(edge + 2) % 3];
    const auto uvMiddle = std::uint32_t(mesh.uv.size());
    mesh.uv.push_back((mesh.uv[ta] + mesh.uv[tb]) * 0.5f);
    mesh.uvFaces[f] = {ta, uvMiddle, tc};
    mesh.uvFaces.push_back({uvMiddle, tb, tc});
}

} // namespace

Mesh subdivided(const Mesh& mesh, float longest, std::vector<std::uint32_t>* ends) {
    Mesh out = mesh;
    for (std::size_t f = 0; f < out.faces.size();) {
        int edge = 0;
        float best = 0;
        for (int k = 0; k < 3; ++k) {
            const float length = glm::distance(out.vertices[out.faces[f][k]],
                                               out.vertices[out.faces[f][(k + 1) % 3]]);
            if (length > best) {
                best = length;
                edge = k;
            }
        }
        if (best <= longest) {
            ++f;
            continue;
        }
        if (ends)
            ends->push_back(out.faces[f][edge]);
        split(out, f, edge);
    }
    return out;
}

} // namespace strata
