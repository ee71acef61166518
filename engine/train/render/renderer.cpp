// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/renderer.h"

#include "engine/core/parallel.h"
#include "engine/raster/resolve.h"
#include "engine/train/render/noise.h"
#include "engine/train/render/shading.h"
#include "engine/train/render/shadow_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

/// All objects as one mesh, as the rasteriser wants it.
struct Geometry {
    std::vector<float> world, camera; // [V, 3]
    std::vector<std::uint32_t> faces, casters;
    std::vector<std::uint32_t> firstFace; // of each object, and the end

    Geometry(const Scene& scene, const Camera& view) {
        std::uint32_t first = 0;
        for (const auto& object : scene.objects) {
            firstFace.push_back(std::uint32_t(faces.size() / 3));
            for (const auto& v : object.mesh->vertices) {
                const glm::vec3 p = view.toCamera(v);
                world.insert(world.end(), {v.x, v.y, v.z});
                camera.insert(camera.end(), {p.x, p.y, p.z});
            }
            for (const auto& f : object.mesh->faces) {
                faces.insert(faces.end(), {f.x + first, f.y + first, f.z + first});
                if (object.castsShadow)
                    casters.insert(casters.end(), {f.x + first, f.y + first, f.z + first});
            }
            first += std::uint32_t(object.mesh->vertices.size());
        }
        firstFace.push_back(std::uint32_t(faces.size() / 3));
    }

    std::size_t objectOf(std::uint32_t face) const {
        return std::size_t(std::upper_bound(firstFace.begin(), firstFace.end(), face) -
                           firstFace.begin()) -
               1;
    }
};

glm::vec3 mixed(const std::vector<glm::vec3>& values, const glm::uvec3& f, const glm::vec3& w) {
    return w.x * values[f.x] + w.y * values[f.y] + w.z * values[f.z];
}

class FrameShader {
public:
    FrameShader(const Scene& scene, const Camera& view, const RenderOptions& options)
        : m_scene(scene)
        , m_options(options)
        , m_geometry(scene, view)
        , m_eye(-(glm::transpose(view.rotation) * view.translation))
        , m_toWorld(glm::transpose(view.rotation))
        , m_camera(supersampled(
              {view.size.width, view.size.height, view.fx, view.fy, view.cx, view.cy, 0.05f},
              options.samplesPerSide))
        , m_shadow(m_geometry.world, m_geometry.casters, scene.light, options.shadowSize) {
        rasterize(m_geometry.camera, m_geometry.faces, m_camera, {.cullBackFaces = false},
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
        const glm::vec3 d((float(x) + 0.5f - m_camera.cx) / m_camera.fx,
                          (float(y) + 0.5f - m_camera.cy) / m_camera.fy, 1.f);
        const glm::vec3 ray = m_toWorld * d;
        const auto at = std::size_t(y) * m_camera.width + x;
        if (m_raster.face[at] < 0)
            return {skyRadiance(m_scene.light, glm::normalize(ray)), SceneLayer::Background};

        const auto face = std::uint32_t(m_raster.face[at]);
        const auto index = m_geometry.objectOf(face);
        const SceneObject& object = m_scene.objects[index];
        const Mesh& mesh = *object.mesh;
        SurfacePoint point;
        point.face = face - m_geometry.firstFace[index];
        const glm::uvec3 corners = mesh.faces[point.face];
        const float w0 = m_raster.barycentric[at * 2];
        const float w1 = m_raster.barycentric[at * 2 + 1];
        const glm::vec3 w(w0, w1, 1 - w0 - w1);
        point.position = m_eye + ray * m_raster.depth[at];
        point.rest = mesh.rest.empty() ? point.position : mixed(mesh.rest, corners, w);
        point.normal = glm::normalize(mixed(mesh.normals, corners, w));
        const glm::vec3 toEye = -glm::normalize(ray);
        const glm::vec3 flat = glm::cross(mesh.vertices[corners.y] - mesh.vertices[corners.x],
                                          mesh.vertices[corners.z] - mesh.vertices[corners.x]);
        if (glm::dot(flat, toEye) < 0)
            point.normal = -point.normal;
        if (!mesh.uvFaces.empty()) {
            const auto& t = mesh.uvFaces[point.face];
            point.uv = w.x * mesh.uv[t.x] + w.y * mesh.uv[t.y] + w.z * mesh.uv[t.z];
        }
        const float slant = std::max(0.08f, std::abs(glm::dot(point.normal, toEye)));
        point.footprint = m_raster.depth[at] / m_camera.fx / slant;
        return {shade(point, object, toEye), object.layer};
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
    Geometry m_geometry;
    glm::vec3 m_eye;
    glm::mat3 m_toWorld;
    RasterCamera m_camera;
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
