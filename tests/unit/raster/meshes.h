// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace strata::test {

struct Mesh {
    std::vector<float> vertices;      // [V, 3]
    std::vector<std::uint32_t> faces; // [F, 3]
};

/// Sphere of 2 * rings * segments triangles, counter-clockwise from outside (camera frame, y down).
inline Mesh sphere(int rings, int segments, float radius, float z) {
    Mesh mesh;
    for (int r = 0; r <= rings; ++r)
        for (int s = 0; s < segments; ++s) {
            const double theta = M_PI * r / rings;
            const double phi = 2 * M_PI * s / segments;
            mesh.vertices.push_back(float(radius * std::sin(theta) * std::cos(phi)));
            mesh.vertices.push_back(float(radius * std::cos(theta)));
            mesh.vertices.push_back(float(z + radius * std::sin(theta) * std::sin(phi)));
        }
    for (int r = 0; r < rings; ++r)
        for (int s = 0; s < segments; ++s) {
            const auto a = std::uint32_t(r * segments + s);
            const auto b = std::uint32_t(r * segments + (s + 1) % segments);
            const auto c = a + std::uint32_t(segments);
            const auto d = b + std::uint32_t(segments);
            mesh.faces.insert(mesh.faces.end(), {a, b, c, b, d, c});
        }
    return mesh;
}

} // namespace strata::test
