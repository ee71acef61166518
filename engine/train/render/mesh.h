// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

#include <cstdint>
#include <vector>

namespace strata {

/// Triangles in the world (metres, y up). Faces are counter-clockwise seen from outside.
struct Mesh {
    std::vector<glm::vec3> vertices;
    std::vector<glm::vec3> normals; // one per vertex
    std::vector<glm::vec3>
        rest; // where patterns are taken from when the mesh moves; empty = vertices
    std::vector<glm::uvec3> faces;
    std::vector<glm::vec2> uv;       // (0,0) bottom left; may be empty
    std::vector<glm::uvec3> uvFaces; // one per face when there is uv
};

/// Area-weighted normals of shared vertices.
std::vector<glm::vec3> vertexNormals(const std::vector<glm::vec3>& vertices,
                                     const std::vector<glm::uvec3>& faces);

void append(Mesh& mesh, const Mesh& other);

Mesh makeBox(const glm::vec3& low, const glm::vec3& high);
/// Four corners, counter-clockwise seen from the side that is lit.
Mesh makeQuad(const glm::vec3& a, const glm::vec3& b, const glm::vec3& c, const glm::vec3& d);
/// Upright, with caps; `topRadius` tapers it.
Mesh makeCylinder(const glm::vec3& foot, float radius, float topRadius, float height, int segments);
Mesh makeEllipsoid(const glm::vec3& centre, const glm::vec3& radii, int rings, int segments);

/// Leaves (two triangles each) scattered in an ellipsoid, denser towards its surface.
struct LeafCloud {
    glm::vec3 centre{0.f};
    glm::vec3 radii{1.f};
    int leaves = 1000;
    float leafLength = 0.1f;
    std::int32_t seed = 1;
};
Mesh makeLeaves(const LeafCloud& cloud);

/// Splits triangles until none of their edges is longer than `longest`; uv and rest go along. The
/// new vertices come after the old ones; `ends` gets one of the two vertices that each lies
/// between, always an earlier one.
Mesh subdivided(const Mesh& mesh, float longest, std::vector<std::uint32_t>* ends = nullptr);

} // namespace strata
