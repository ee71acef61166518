// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/motion_code.h"

#include "engine/raster/resolve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {

ImageF renderMotionCode(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                        std::span<const float> codes, int channels, const RasterCamera& camera,
                        int samplesPerSide) {
    RasterBuffers raster;
    rasterize(vertices, faces, supersampled(camera, samplesPerSide), {}, raster);
    return resolve(interpolate(raster, faces, codes, channels), samplesPerSide);
}

ImageU8 renderMotionCodeRgb(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                            std::span<const float> codes, const RasterCamera& camera) {
    const ImageF code = renderMotionCode(vertices, faces, codes, 3, camera);
    ImageU8 out(code.width(), code.height(), 3);
    for (std::size_t i = 0; i < code.count(); ++i)
        out.data()[i] = std::uint8_t(std::lround(std::clamp(code.data()[i], 0.f, 1.f) * 255.f));
    return out;
}

std::vector<float> defaultMotionCode(std::span<const float> restVertices) {
    constexpr float darkest = 0.15f;
    constexpr float brightest = 0.95f;
    std::vector<float> code(restVertices.size());
    for (std::size_t axis = 0; axis < 3; ++axis) {
        float low = std::numeric_limits<float>::infinity();
        float high = -low;
        for (auto i = axis; i < restVertices.size(); i += 3) {
            low = std::min(low, restVertices[i]);
            high = std::max(high, restVertices[i]);
        }
        const float scale = high > low ? (brightest - darkest) / (high - low) : 0.f;
        for (auto i = axis; i < restVertices.size(); i += 3)
            code[i] = darkest + (restVertices[i] - low) * scale;
    }
    return code;
}

} // namespace strata
