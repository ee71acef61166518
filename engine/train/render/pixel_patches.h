// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/tone_curve.h"
#include "engine/raster/resolve.h"
#include "engine/train/render/display_curve.h"
#include "engine/train/render/layered_frame.h"
#include "engine/train/render/scene_geometry.h"
#include "engine/train/render/shading.h"

#include <algorithm>
#include <array>
#include <cmath>

// What LayeredRenderer works with; nothing else includes this.
namespace strata::layered {

/// One object's part of one pixel of the background, ready to be lit again.
struct Patch {
    std::uint32_t pixel = 0;
    float weight = 0; // part of the pixel
    float sun = 1;    // that reaches it past what stands still
    bool picture = false;
    glm::vec3 position{0.f}, flat{0.f}, normal{0.f}, toEye{0.f};
    Surface surface;      // of a picture the albedo is its linear light
    glm::vec3 light{0.f}; // shown, linear, without the person's shadow
};

inline RasterCamera rasterCamera(const Camera& c, int samples) {
    return supersampled({c.size.width, c.size.height, c.fx, c.fy, c.cx, c.cy, 0.05f}, samples);
}

/// The samples of one layer as one camera sees them.
struct LayerSamples {
    RasterBuffers buffers;
    int side = 2;

    LayerSamples(const SceneGeometry& geometry, const Camera& camera, int samplesPerSide)
        : side(samplesPerSide) {
        rasterize(geometry.seenBy(camera), geometry.faces, rasterCamera(camera, side),
                  {.cullBackFaces = false}, buffers);
    }
    std::size_t at(int x, int y, int k) const {
        return std::size_t(y * side + k / side) * buffers.width + std::size_t(x * side + k % side);
    }
    int count() const { return side * side; }
};

/// Calls visit(first sample, number of samples) for each object in the pixel, and once with sample
/// -1 for samples where there is none.
template <typename Visit>
void forEachObject(const SceneGeometry& geometry, const LayerSamples& layer, int x, int y,
                   const Visit& visit) {
    constexpr int kMost = 16;
    std::array<std::int64_t, kMost> object{}, first{};
    std::array<int, kMost> count{};
    int groups = 0;
    for (int k = 0; k < std::min(layer.count(), kMost); ++k) {
        const auto at = layer.at(x, y, k);
        const auto face = layer.buffers.face[at];
        const std::int64_t own =
            face < 0 ? -1 : std::int64_t(geometry.objectOf(std::uint32_t(face)));
        int g = 0;
        while (g < groups && object[std::size_t(g)] != own)
            ++g;
        if (g == groups) {
            object[std::size_t(g)] = own;
            first[std::size_t(g)] = own < 0 ? -1 : std::int64_t(at);
            count[std::size_t(g)] = 0;
            ++groups;
        }
        ++count[std::size_t(g)];
    }
    for (int g = 0; g < groups; ++g)
        visit(first[std::size_t(g)], count[std::size_t(g)]);
}

/// Linear light of the display, 0..1: what a pixel's parts are added up in.
inline glm::vec3 displayed(const glm::vec3& radiance, float exposure) {
    const glm::vec3 r = radiance * exposure;
    return {filmic(r.x), filmic(r.y), filmic(r.z)};
}

inline void put(ImageU8& image, std::size_t pixel, const glm::vec3& light) {
    const glm::vec3 level = srgbLevel(light);
    for (int c = 0; c < 3; ++c)
        image.data()[pixel * 3 + std::size_t(c)] = std::uint8_t(level[c] + 0.5f);
}

/// Finds what a sample shows.
struct Shader {
    const Lighting& light;
    const CameraRays rays;
    float pixelSize; // at depth 1: what a sample stands for
    int side;
    float exposure;

    glm::vec3 ray(std::size_t at, int width) const {
        const auto n = float(side);
        return rays.through((float(at % std::size_t(width)) + 0.5f) / n,
                            (float(at / std::size_t(width)) + 0.5f) / n);
    }

    Patch patch(const SceneGeometry& geometry, const LayerSamples& layer, std::size_t at) const {
        const glm::vec3 toPoint = ray(at, layer.buffers.width);
        const SurfacePoint point =
            surfaceAt(geometry, layer.buffers, at, rays.eye, toPoint, pixelSize);
        const auto face = std::uint32_t(layer.buffers.face[at]);
        Patch out;
        out.position = point.position;
        out.flat = point.normal;
        out.toEye = -glm::normalize(toPoint);
        out.surface = (*geometry.objects[geometry.objectOf(face)]->material)(point);
        const glm::vec3 own = out.surface.normal;
        out.normal = glm::dot(own, own) > 0 ? glm::normalize(own) : point.normal;
        return out;
    }

    glm::vec3 shown(const Patch& p, float sun, float ambient) const {
        return displayed(reflectedRadiance(light, p.surface, p.normal, p.toEye, sun, ambient),
                         exposure);
    }
};

} // namespace strata::layered
