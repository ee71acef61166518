// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/device_code.h"
#include "engine/raster/rasterizer.h"

#include <cmath>
#include <cstdint>
#include <span>

namespace strata {

/// A triangle ready to be sampled, with homogeneous edge functions (Olano and Greer, "Triangle Scan
/// Conversion using 2D Homogeneous Coordinates", 1997): no division by z, so nothing is cut at the
/// near plane and the weights are those of the whole triangle.
///   e_i(u, v) = a_i u + b_i v + c_i >= 0 inside;  weight_i = e_i / (e_0 + e_1 + e_2).
/// The coefficients of an edge shared by two faces are exact negatives of each other, which is what
/// makes each sample belong to one of them only.
struct TriangleSetup {
    double a[3], b[3], c[3];
    float z[3];
    std::int32_t face;
    std::int32_t inclusive[3]; // -1 where samples on the edge belong to the triangle, else 0
    RectI box;                 // pixels that may be covered, inside the picture
};

/// False if the triangle covers no sample: behind the near plane, culled, degenerate, outside the
/// picture, or with indices beyond the vertices.
bool setupTriangle(std::span<const float> vertices, const std::uint32_t* corners, std::int32_t face,
                   const RasterCamera& camera, const RasterOptions& options, TriangleSetup& out);

namespace detail {

STRATA_HOST_DEVICE inline int toPixel(double value, int limit) {
    return value > 0 ? int(value < limit ? value : double(limit)) : 0;
}

struct PictureBounds {
    double x0 = HUGE_VAL, y0 = HUGE_VAL, x1 = -HUGE_VAL, y1 = -HUGE_VAL;

    STRATA_HOST_DEVICE void add(double x, double y, double z, const RasterCamera& camera) {
        const double u = camera.fx * x / z + camera.cx;
        const double v = camera.fy * y / z + camera.cy;
        x0 = u < x0 ? u : x0;
        x1 = u > x1 ? u : x1;
        y0 = v < y0 ? v : y0;
        y1 = v > y1 ? v : y1;
    }

    /// Pixels whose centres may lie inside, with a small margin for rounding.
    STRATA_HOST_DEVICE RectI pixels(const RasterCamera& camera) const {
        constexpr double margin = 0.01;
        return {toPixel(ceil(x0 - 0.5 - margin), camera.width),
                toPixel(ceil(y0 - 0.5 - margin), camera.height),
                toPixel(floor(x1 - 0.5 + margin) + 1, camera.width),
                toPixel(floor(y1 - 0.5 + margin) + 1, camera.height)};
    }
};

/// Picture of the part of the triangle in front of the near plane.
STRATA_HOST_DEVICE inline RectI boxInFront(const float* const (&corners)[3],
                                           const RasterCamera& camera) {
    PictureBounds bounds;
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
    return bounds.pixels(camera);
}

/// setupTriangle() of three points.
STRATA_HOST_DEVICE inline bool setupCorners(const float* const (&p)[3], std::int32_t face,
                                            const RasterCamera& camera, bool cullBackFaces,
                                            TriangleSetup& out) {
    int inFront = 0;
    for (const float* point : p) {
        inFront += point[2] >= camera.nearPlane;
        const float sum = point[0] + point[1] + point[2];
        if (!(sum - sum == 0)) // not finite
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
    if (volume == 0 || (cullBackFaces && volume > 0))
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
    out.box = boxInFront(p, camera);
    return out.box.x0 < out.box.x1 && out.box.y0 < out.box.y1;
}

} // namespace detail
} // namespace strata
