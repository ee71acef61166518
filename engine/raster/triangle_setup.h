// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"

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

} // namespace strata
