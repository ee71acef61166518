// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/triangle_setup.h"

namespace strata {

bool setupTriangle(std::span<const float> vertices, const std::uint32_t* corners, std::int32_t face,
                   const RasterCamera& camera, const RasterOptions& options, TriangleSetup& out) {
    const std::size_t count = vertices.size() / 3;
    const float* p[3];
    for (int i = 0; i < 3; ++i) {
        if (corners[i] >= count)
            return false;
        p[i] = vertices.data() + std::size_t(corners[i]) * 3;
    }
    return detail::setupCorners(p, face, camera, options.cullBackFaces, out);
}

} // namespace strata
