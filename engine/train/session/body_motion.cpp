// SPDX-License-Identifier: Apache-2.0
#include "engine/train/session/body_motion.h"

#include "engine/raster/rasterizer.h"

#include <cmath>

namespace strata {
namespace {

constexpr int kSeen = 200;           // alpha of a pixel that is all person
constexpr float kDepthSlack = 0.04f; // metres

RasterCamera viewOf(const RenderedClip& clip, std::size_t index) {
    const Camera& camera = clip.motion.cameras[index];
    const Size size = clip.frames[index].color.size();
    return {size.width, size.height, camera.fx, camera.fy, camera.cx, camera.cy};
}

RasterBuffers rasterOf(const RenderedClip& clip, const BodyModel& body, std::size_t index) {
    RasterBuffers out;
    const auto& vertices = clip.vertices[index];
    rasterize({&vertices[0].x, vertices.size() * 3}, {&body.faces[0].x, body.faces.size() * 3},
              viewOf(clip, index), {}, out);
    return out;
}

} // namespace

PixelMotion bodyMotion(const RenderedClip& clip, const BodyModel& body, std::size_t index) {
    const RasterBuffers here = rasterOf(clip, body, index), there = rasterOf(clip, body, index + 1);
    const RasterCamera next = viewOf(clip, index + 1);
    const ImageU8 seen = visibleHuman(clip.frames[index]);
    const ImageU8 seenNext = visibleHuman(clip.frames[index + 1]);
    PixelMotion out{ImageF(here.width, here.height, 2), ImageU8(here.width, here.height, 1)};
    for (int y = 0; y < here.height; ++y)
        for (int x = 0; x < here.width; ++x) {
            const auto i = std::size_t(y) * std::size_t(here.width) + std::size_t(x);
            if (here.face[i] < 0 || seen.at(x, y) < kSeen)
                continue;
            const auto& face = body.faces[std::size_t(here.face[i])];
            const float first = here.barycentric[2 * i], second = here.barycentric[2 * i + 1];
            const auto& v = clip.vertices[index + 1];
            const glm::vec3 at =
                first * v[face.x] + second * v[face.y] + (1 - first - second) * v[face.z];
            if (at.z < next.nearPlane)
                continue;
            const float toX = next.fx * at.x / at.z + next.cx - 0.5f; // pixel centres are whole
            const float toY = next.fy * at.y / at.z + next.cy - 0.5f;
            const int px = int(std::lround(toX)), py = int(std::lround(toY));
            if (px < 0 || py < 0 || px >= there.width || py >= there.height ||
                seenNext.at(px, py) < kSeen)
                continue;
            const auto to = std::size_t(py) * std::size_t(there.width) + std::size_t(px);
            if (there.face[to] < 0 || std::abs(there.depth[to] - at.z) > kDepthSlack)
                continue;
            out.way.at(x, y, 0) = toX - float(x);
            out.way.at(x, y, 1) = toY - float(y);
            out.known.at(x, y) = 255;
        }
    return out;
}

} // namespace strata
