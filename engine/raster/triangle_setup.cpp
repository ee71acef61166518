// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/triangle_setup.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

struct Bounds {
    double x0 = std::numeric_limits<double>::infinity(), y0 = x0, x1 = -x0, y1 = -x0;

    void add(double x, double y, double z, const RasterCamera& camera) {
        const double u = camera.fx * x / z + camera.cx;
        const double v = camera.fy * y / z + camera.cy;
        x0 = std::min(x0, u);
        x1 = std::max(x1, u);
        y0 = std::min(y0, v);
        y1 = std::max(y1, v);
    }
};

/// Picture of the part of the triangle in front of the near plane.
Bounds boundsInFront(const float* const corners[3], const RasterCamera& camera) {
    Bounds bounds;
    const double nearPlane = camera.nearPlane;
    for (int i = 0; i < 3; ++i) {
        const float* p = corners[i];
        const float* q = corners[(i + 1) % 3];
        if (p[2] >= nearPlane)
            bounds.add(p[0], p[1], p[2], camera);
        if ((p[2] >= nearPlane) != (q[2] >= nearPlane)) {
            const double t = (nearPlane - p[2]) / (double(q[2]) - p[2]);
            bounds.add(p[0] + t * (double(q[0]) - p[0]), p[1] + t * (double(q[1]) - p[1]),
                       nearPlane, camera);
        }
    }
    return bounds;
}

/// Pixels whose centres may lie inside, with a small margin for rounding.
RectI pixelBox(const Bounds& bounds, const RasterCamera& camera) {
    const auto toPixel = [](double value, int limit) {
        return int(std::clamp(value, 0.0, double(limit)));
    };
    constexpr double margin = 0.01;
    return {toPixel(std::ceil(bounds.x0 - 0.5 - margin), camera.width),
            toPixel(std::ceil(bounds.y0 - 0.5 - margin), camera.height),
            toPixel(std::floor(bounds.x1 - 0.5 + margin) + 1, camera.width),
            toPixel(std::floor(bounds.y1 - 0.5 + margin) + 1, camera.height)};
}

} // namespace

bool setupTriangle(std::span<const float> vertices, const std::uint32_t* corners, std::int32_t face,
                   const RasterCamera& camera, const RasterOptions& options, TriangleSetup& out) {
    const std::size_t count = vertices.size() / 3;
    if (corners[0] >= count || corners[1] >= count || corners[2] >= count)
        return false;
    const float* p[3];
    int inFront = 0;
    for (int i = 0; i < 3; ++i) {
        p[i] = vertices.data() + std::size_t(corners[i]) * 3;
        inFront += p[i][2] >= camera.nearPlane;
        if (!std::isfinite(p[i][0] + p[i][1] + p[i][2]))
            return false;
    }
    if (inFront == 0)
        return false;

    // Normals of the planes through the eye and each edge; products of floats are exact in double.
    double n[3][3];
    for (int i = 0; i < 3; ++i) {
        const float* q = p[(i + 1) % 3];
        const float* r = p[(i + 2) % 3];
        n[i][0] = double(q[1]) * r[2] - double(q[2]) * r[1];
        n[i][1] = double(q[2]) * r[0] - double(q[0]) * r[2];
        n[i][2] = double(q[0]) * r[1] - double(q[1]) * r[0];
    }
    const double volume = p[0][0] * n[0][0] + p[0][1] * n[0][1] + p[0][2] * n[0][2];
    if (volume == 0 || (options.cullBackFaces && volume > 0))
        return false;

    const double sign = volume > 0 ? 1 : -1;
    for (int i = 0; i < 3; ++i) {
        out.a[i] = sign * n[i][0] / camera.fx;
        out.b[i] = sign * n[i][1] / camera.fy;
        out.c[i] = sign * n[i][2] - out.a[i] * camera.cx - out.b[i] * camera.cy;
        out.z[i] = p[i][2];
        // Left edges have the inside on their right; top edges are level with the inside below.
        out.inclusive[i] = out.a[i] > 0 || (out.a[i] == 0 && out.b[i] > 0) ? -1 : 0;
    }
    out.face = face;
    out.box = pixelBox(boundsInFront(p, camera), camera);
    return !out.box.empty();
}

} // namespace strata
