// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/renderer.h"

#include "engine/core/parallel.h"
#include "engine/core/tone_curve.h"
#include "engine/raster/resolve.h"
#include "engine/train/render/noise.h"
#include "engine/train/render/scene_geometry.h"
#include "engine/train/render/shading.h"
#include "engine/train/render/shadow_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

SceneGeometry geometryOf(const Scene& scene) {
    SceneGeometry geometry;
    for (const auto& object : scene.objects)
        geometry.add(object);
    return geometry;
}

class FrameShader {
public:
    FrameShader(const Scene& scene, const Camera& view, const RenderOptions& options)
        : m_scene(scene)
        , m_options(options)
        , m_geometry(geometryOf(scene))
        , m_camera(supersampled(
              {view.size.width, view.size.height, view.fx, view.fy, view.cx, view.cy, 0.05f},
              options.samplesPerSide))
        , m_rays(samplesOf(view, m_camera))
        , m_shadow(m_geometry.world, m_geometry.casters, scene.light, options.shadowSize) {
        rasterize(m_geometry.seenBy(view), m_geometry.faces, m_camera, {.cullBackFaces = false},
                  m_raster);
    }

    RenderedFrame run() const {
        const int n = m_options.samplesPerSide;
        ImageF color(m_camera.width, m_camera.height, 3);
        ImageF human(m_camera.width, m_camera.height, 1);
        ImageF occluder(m_camera.width, m_camera.height, 1);
        parallelFor(0, m_camera.height, 4, [&](std::int64_t begin, std::int64_t end) {
            for (int y = int(begin); y < int(end); ++y)
                for (int x = 0; x < m_camera.width; ++x) {
                    const auto [light, layer] = shadeSample(x, y);
                    float* to = color.pixel(x, y);
                    for (int c = 0; c < 3; ++c)
                        to[c] = filmic(light[c] * m_options.exposure);
                    human.at(x, y) = layer == SceneLayer::Human ? 1.f : 0.f;
                    occluder.at(x, y) = layer == SceneLayer::Occluder ? 1.f : 0.f;
                }
        });
        return {resolve(color, n), resolve(human, n), resolve(occluder, n), nearest()};
    }

private:
    std::pair<glm::vec3, SceneLayer> shadeSample(int x, int y) const {
        const glm::vec3 ray = m_rays.through(float(x) + 0.5f, float(y) + 0.5f);
        const auto at = std::size_t(y) * m_camera.width + x;
        if (m_raster.face[at] < 0)
            return {skyRadiance(m_scene.light, glm::normalize(ray)), SceneLayer::Background};
        const SceneObject& object =
            *m_geometry.objects[m_geometry.objectOf(std::uint32_t(m_raster.face[at]))];
        const SurfacePoint point =
            surfaceAt(m_geometry, m_raster, at, m_rays.eye, ray, 1.f / m_camera.fx);
        return {shade(point, object, -glm::normalize(ray)), object.layer};
    }

    static Camera samplesOf(Camera view, const RasterCamera& fine) {
        view.fx = fine.fx;
        view.fy = fine.fy;
        view.cx = fine.cx;
        view.cy = fine.cy;
        return view;
    }

    glm::vec3 shade(const SurfacePoint& point, const SceneObject& object,
                    const glm::vec3& toEye) const {
        const Surface surface = (*object.material)(point);
        glm::vec3 normal = point.normal;
        if (glm::dot(surface.normal, surface.normal) > 0)
            normal = glm::normalize(surface.normal);
        float ambient = 1;
        if (object.layer == SceneLayer::Background)
            ambient = skyVisibility(m_scene.blockers, point.position, normal);
        const float sun = m_shadow.lit(point.position, point.normal);
        return reflectedRadiance(m_scene.light, surface, normal, toEye, sun, ambient);
    }

    ImageF nearest() const {
        const int n = m_options.samplesPerSide;
        ImageF out(m_camera.width / n, m_camera.height / n, 1,
                   std::numeric_limits<float>::infinity());
        for (int y = 0; y < m_camera.height; ++y)
            for (int x = 0; x < m_camera.width; ++x) {
                float& to = out.at(x / n, y / n);
                to = std::min(to, m_raster.depth[std::size_t(y) * m_camera.width + x]);
            }
        return out;
    }

    const Scene& m_scene;
    RenderOptions m_options;
    SceneGeometry m_geometry;
    RasterCamera m_camera;
    CameraRays m_rays;
    ShadowMap m_shadow;
    RasterBuffers m_raster;
};

} // namespace

RenderedFrame render(const Scene& scene, const Camera& camera, const RenderOptions& options) {
    return FrameShader(scene, camera, options).run();
}

ImageU8 toSrgb(const ImageF& linear, float grain, std::int32_t seed) {
    ImageU8 out(linear.width(), linear.height(), linear.channels());
    parallelFor(0, linear.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < linear.width(); ++x) {
                float noise = 0;
                if (grain > 0) // the sum of four uniform numbers is near enough to a normal one
                    for (int k = 0; k < 4; ++k)
                        noise += (hash01(x + 4096 * k, y, seed) - 0.5f) * 1.73f * grain;
                for (int c = 0; c < linear.channels(); ++c) {
                    const float v = std::clamp(linear.at(x, y, c), 0.f, 1.f);
                    const float coded =
                        v <= 0.0031308f ? 12.92f * v : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
                    const float level = coded * 255.f + noise;
                    out.at(x, y, c) = std::uint8_t(std::lround(std::clamp(level, 0.f, 255.f)));
                }
            }
    });
    return out;
}

ImageU8 toMask(const ImageF& coverage) {
    ImageU8 out(coverage.width(), coverage.height(), 1);
    for (std::size_t i = 0; i < out.count(); ++i)
        out.data()[i] = std::uint8_t(std::lround(std::clamp(coverage.data()[i], 0.f, 1.f) * 255.f));
    return out;
}

} // namespace strata
