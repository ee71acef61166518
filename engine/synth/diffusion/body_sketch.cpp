// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/body_sketch.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Between the four pixels round (x, y); outside the picture its edge goes on.
void sampled(const ImageU8& picture, float x, float y, std::uint8_t* out) {
    const auto inside = [](float v, int side) {
        return std::clamp(v - 0.5f, 0.f, float(side - 1));
    };
    x = inside(x, picture.width());
    y = inside(y, picture.height());
    const int x0 = int(x), y0 = int(y);
    const int x1 = std::min(x0 + 1, picture.width() - 1);
    const int y1 = std::min(y0 + 1, picture.height() - 1);
    const float right = x - float(x0), below = y - float(y0);
    for (int c = 0; c < 3; ++c) {
        const auto mix = [&](int row) {
            return float(picture.pixel(x0, row)[c]) * (1.f - right) +
                   float(picture.pixel(x1, row)[c]) * right;
        };
        out[c] = std::uint8_t(std::lround(mix(y0) * (1.f - below) + mix(y1) * below));
    }
}

} // namespace

ImageU8 bodySketch(std::span<const float> vertices, std::span<const std::uint32_t> faces,
                   const PaintedBody& paint, const RasterCamera& camera) {
    RasterBuffers raster;
    rasterize(vertices, faces, camera, {}, raster);
    const ImageF places = interpolate(raster, faces, paint.places, 2);
    ImageU8 out(camera.width, camera.height, 3);
    for (int y = 0; y < camera.height; ++y)
        for (int x = 0; x < camera.width; ++x)
            if (raster.face[std::size_t(y) * std::size_t(camera.width) + std::size_t(x)] >= 0) {
                const float* place = places.pixel(x, y);
                sampled(paint.picture, place[0], place[1], out.pixel(x, y));
            }
    return out;
}

} // namespace strata
