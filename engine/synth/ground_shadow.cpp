// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/ground_shadow.h"

#include "engine/raster/rasterizer.h"
#include "engine/synth/matte_tools.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr float kReach = 0.45f; // metres above ground from which a part throws no shadow
/// The light's own shadow, with a rim, and the sky's that feet and shins hide from the ground right
/// beside them. Metres; the second shadow's strength is a multiple of the options'.
constexpr float kPenumbra = 0.035f, kSkyPenumbra = 0.08f;
constexpr float kSkyStrength = 1.9f;

/// Direction to the light, in the camera's frame, never lower than about 50 degrees above the
/// ground: a soft light's shadow lies round the feet.
glm::vec3 shadowDirection(const SceneLight& light, const glm::vec3& up) {
    const glm::vec3 main = light.mainDirection();
    glm::vec3 level = main - glm::dot(main, up) * up;
    const float length = glm::length(level);
    if (length > 0.8f)
        level *= 0.8f / length;
    return glm::normalize(up + level);
}

/// The body laid along `direction` onto the ground, dark where it was near the ground, soft by
/// `penumbra` metres: [H, W, 1] of `region` in the picture.
struct GroundBlot {
    RectI region;
    ImageF density;
};

GroundBlot blotOf(std::span<const glm::vec3> vertices, std::span<const std::uint32_t> faces,
                  const Camera& camera, const glm::vec3& point, const glm::vec3& up,
                  const glm::vec3& direction, float penumbra, float strength) {
    std::vector<glm::vec3> flat(vertices.size());
    std::vector<float> density(vertices.size());
    glm::vec2 low(1e9f), high(-1e9f);
    float nearest = 1e9f;
    for (std::size_t v = 0; v < vertices.size(); ++v) {
        const float height = glm::dot(vertices[v] - point, up);
        const float fade = std::clamp(1.f - std::max(height, 0.f) / kReach, 0.f, 1.f);
        density[v] = strength * fade * fade;
        // Lower parts win where shadows overlap: they lie a hair nearer to the camera.
        flat[v] =
            vertices[v] - direction * (height / glm::dot(direction, up)) + up * (0.004f * fade);
        if (density[v] <= 0.f || flat[v].z < 0.2f)
            continue;
        const glm::vec2 p(camera.fx * flat[v].x / flat[v].z + camera.cx,
                          camera.fy * flat[v].y / flat[v].z + camera.cy);
        low = glm::min(low, p);
        high = glm::max(high, p);
        nearest = std::min(nearest, flat[v].z);
    }
    if (low.x > high.x)
        return {};
    const int radius = std::clamp(int(std::lround(penumbra * camera.fx / nearest)), 1, 100);
    const int margin = 3 * radius + 2;
    const RectI r{std::max(0, int(std::max(low.x, -1e6f)) - margin),
                  std::max(0, int(std::max(low.y, -1e6f)) - margin),
                  std::min(camera.size.width, int(std::min(high.x, 1e6f)) + margin),
                  std::min(camera.size.height, int(std::min(high.y, 1e6f)) + margin)};
    if (r.empty())
        return {};
    RasterBuffers raster;
    rasterize({&flat[0].x, flat.size() * 3}, faces,
              {r.width(), r.height(), camera.fx, camera.fy, camera.cx - float(r.x0),
               camera.cy - float(r.y0)},
              {.cullBackFaces = false}, raster);
    GroundBlot blot{r, interpolate(raster, faces, density, 1)};
    for (int pass = 0; pass < 2; ++pass)
        blot.density = boxBlurred(blot.density, radius);
    return blot;
}

/// Shadows of two lights: what passes the one and the other.
GroundBlot both(const GroundBlot& a, const GroundBlot& b) {
    if (a.region.empty() || b.region.empty())
        return a.region.empty() ? b : a;
    const RectI r{std::min(a.region.x0, b.region.x0), std::min(a.region.y0, b.region.y0),
                  std::max(a.region.x1, b.region.x1), std::max(a.region.y1, b.region.y1)};
    GroundBlot out{r, ImageF(r.width(), r.height(), 1)};
    for (const GroundBlot* part : {&a, &b})
        for (int y = part->region.y0; y < part->region.y1; ++y)
            for (int x = part->region.x0; x < part->region.x1; ++x) {
                float& to = *out.density.pixel(x - r.x0, y - r.y0);
                to = 1.f - (1.f - to) * (1.f - *part->density.pixel(x - part->region.x0,
                                                                    y - part->region.y0));
            }
    return out;
}

} // namespace

void addGroundShadow(HumanLayer& layer, std::span<const glm::vec3> vertices,
                     std::span<const std::uint32_t> faces, const FrameRequest& request,
                     float strength) {
    const Camera& camera = request.camera;
    const glm::vec3 up = glm::normalize(camera.rotation * request.ground->up);
    const glm::vec3 point = camera.toCamera(request.ground->point);
    GroundBlot blot = both(blotOf(vertices, faces, camera, point, up,
                                  shadowDirection(request.light, up), kPenumbra, strength),
                           blotOf(vertices, faces, camera, point, up, up, kSkyPenumbra,
                                  std::min(0.9f, kSkyStrength * strength)));
    layer.shadowRegion = blot.region;
    layer.shadow = std::move(blot.density);
}

} // namespace strata
