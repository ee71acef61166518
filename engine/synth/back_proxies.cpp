// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/back_proxies.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr float kPixelsPerMetre = 400.f;
constexpr float kFar = 200.f; // so far that the view is parallel

/// The trunk in the rest pose seen straight from the side that the picture shows.
struct TrunkView {
    RasterBuffers raster;
    std::vector<std::uint32_t> faces;
    std::vector<std::size_t> faceIndex; // in the model

    int column(float x) const {
        return int(std::floor(x * kPixelsPerMetre + 0.5f * float(raster.width)));
    }
};

TrunkView viewTrunk(const BodyModel& model, std::span<const glm::vec3> rest, float side) {
    TrunkView view;
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        const auto& face = model.faces[f];
        bool trunk = true;
        for (int k = 0; k < 3; ++k)
            trunk = trunk && regionOfJoint(model.bones[face[k]][0]) == BodyRegion::Torso;
        if (!trunk)
            continue;
        for (int k = 0; k < 3; ++k)
            view.faces.push_back(face[k]);
        view.faceIndex.push_back(f);
    }
    std::vector<glm::vec3> vertices(rest.size());
    for (std::size_t v = 0; v < rest.size(); ++v)
        vertices[v] = {side * rest[v].x, -rest[v].y, kFar - side * rest[v].z};
    RasterCamera camera;
    camera.width = 480;
    camera.height = 960;
    camera.fx = camera.fy = kPixelsPerMetre * kFar;
    camera.cx = 240.f;
    camera.cy = 480.f;
    rasterize({&vertices[0].x, vertices.size() * 3}, view.faces, camera, {}, view.raster);
    return view;
}

std::vector<float> trunkShare(const BodyModel& model) {
    std::vector<float> share(model.vTemplate.size());
    const auto isTrunk = [](BodyRegion region) { return region == BodyRegion::Torso; };
    for (std::size_t v = 0; v < share.size(); ++v)
        share[v] = smoothStep(0.5f, 0.85f, weightIn(model, v, isTrunk));
    return share;
}

} // namespace

BackProxies trunkProxies(const BodyModel& model, std::span<const glm::vec3> rest,
                         const PosedSurface& surface, const Evidence& evidence) {
    const float side = evidence.seesFront() ? 1.f : -1.f;
    const TrunkView view = viewTrunk(model, rest, side);
    const auto nan = glm::vec2(std::numeric_limits<float>::quiet_NaN());
    BackProxies out{std::vector<glm::vec2>(rest.size(), nan),
                    std::vector<glm::vec2>(rest.size(), nan), trunkShare(model)};
    const RasterBuffers& r = view.raster;
    for (std::size_t v = 0; v < rest.size(); ++v) {
        const int y = int(std::floor(-rest[v].y * kPixelsPerMetre + 0.5f * float(r.height)));
        if (y < 0 || y >= r.height)
            continue;
        const std::int32_t* row = r.face.data() + std::size_t(y) * std::size_t(r.width);
        int first = r.width, last = -1;
        for (int x = 0; x < r.width; ++x)
            if (row[x] >= 0) {
                first = std::min(first, x);
                last = x;
            }
        if (last - first < 20)
            continue;
        const float middle = 0.5f * float(first + last), half = 0.5f * float(last - first);
        const float across =
            std::min(1.f, std::abs(float(view.column(side * rest[v].x)) - middle) / half);
        const float target = 0.55f + 0.42f * across;
        for (const float sign : {-1.f, 1.f}) {
            const int x = std::clamp(int(middle + sign * target * half), first, last);
            if (row[x] < 0)
                continue;
            const std::size_t i = std::size_t(y) * std::size_t(r.width) + std::size_t(x);
            const auto& f = model.faces[view.faceIndex[std::size_t(row[x])]];
            const float b0 = r.barycentric[2 * i], b1 = r.barycentric[2 * i + 1];
            const glm::vec3 p = b0 * surface.vertices[f.x] + b1 * surface.vertices[f.y] +
                                (1.f - b0 - b1) * surface.vertices[f.z];
            // Columns run along the body's x when its front is seen, against it otherwise.
            (sign * side > 0.f ? out.left : out.right)[v] = evidence.pixelOf(p);
        }
    }
    return out;
}

} // namespace strata
