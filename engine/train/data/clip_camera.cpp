// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_camera.h"

#include "engine/train/render/camera_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr double kFramesPerSecond = 30;
constexpr float kSmall = 0.45f;  // of the picture's height: a person smaller than this is followed
constexpr float kWidest = 0.94f; // part of the picture that the person may fill sideways
constexpr float kHairAndShoes = 0.04f; // metres around the body

struct Bounds {
    glm::vec2 low{std::numeric_limits<float>::infinity()};
    glm::vec2 high{-std::numeric_limits<float>::infinity()};

    void add(const glm::vec2& p) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    void add(const Bounds& other) {
        add(other.low);
        add(other.high);
    }
    glm::vec2 size() const { return high - low; }
    glm::vec2 middle() const { return (low + high) * 0.5f; }
};

/// The body's outline in the picture plane at depth 1.
Bounds boundsOf(const Camera& camera, const std::vector<glm::vec3>& vertices) {
    Bounds out;
    for (std::size_t v = 0; v < vertices.size(); v += 5) {
        const glm::vec3 p = camera.toCamera(vertices[v]);
        const float z = std::max(p.z, 0.3f);
        const glm::vec2 at(p.x / z, p.y / z);
        out.add(at - kHairAndShoes / z);
        out.add(at + kHairAndShoes / z);
    }
    return out;
}

glm::vec3 middleOf(const std::vector<glm::vec3>& vertices) {
    Bounds flat, upright;
    for (std::size_t v = 0; v < vertices.size(); v += 5) {
        flat.add({vertices[v].x, vertices[v].z});
        upright.add({vertices[v].y, 0.f});
    }
    return {flat.middle().x, upright.middle().x, flat.middle().y};
}

/// Where the person is, evened out over a third of a second.
std::vector<glm::vec3> smoothWay(const ClipMotion& motion) {
    std::vector<glm::vec3> middles, out;
    for (const auto& vertices : motion.vertices)
        middles.push_back(middleOf(vertices));
    const auto count = std::int64_t(middles.size());
    for (std::int64_t i = 0; i < count; ++i) {
        glm::vec3 sum(0.f);
        for (std::int64_t k = i - 5; k <= i + 5; ++k)
            sum += middles[std::size_t(std::clamp<std::int64_t>(k, 0, count - 1))];
        out.push_back(sum / 11.f);
    }
    return out;
}

std::vector<Camera> placed(const CameraPlan& plan, const ClipMotion& motion, std::uint64_t seed,
                           int side, bool follow) {
    const auto way = smoothWay(motion);
    glm::vec3 mean(0.f);
    for (const auto& p : way)
        mean += p / float(way.size());
    std::vector<Camera> out;
    const float last = float(std::max<std::size_t>(1, way.size() - 1));
    for (std::size_t i = 0; i < way.size(); ++i) {
        const float part = float(i) / last;
        const float eased = part * part * (3 - 2 * part);
        const float angle = plan.azimuth + plan.orbit * (eased - 0.5f);
        const glm::vec3 aim = follow ? way[i] : mean;
        const float distance = plan.distance + (follow ? 0.3f : motion.radius);
        HandHeldPath path;
        path.eyeFrom = path.eyeTo =
            glm::vec3(aim.x, 0, aim.z) +
            glm::vec3(distance * std::sin(angle), plan.height, distance * std::cos(angle));
        path.targetFrom = path.targetTo = aim + glm::vec3(plan.pan * (eased - 0.5f), 0, 0);
        path.focal = 1.f + (plan.zoom - 1.f) * eased;
        path.sway = plan.sway;
        path.shake = plan.sway * 0.15f;
        path.seed = std::int32_t(seed & 0xffff);
        out.push_back(path.at(double(i) / kFramesPerSecond, 0., {side, side}));
        out.back().cx = out.back().cy = 0;
    }
    return out;
}

/// Scales and shifts cameras of focal length about 1 so that `bounds` lies in the picture.
void frame(std::vector<Camera>& cameras, const Bounds& bounds, float fill, const glm::vec2& off,
           int side) {
    const glm::vec2 size = bounds.size();
    const float scale = std::min(fill / size.y, std::min(kWidest, fill * 1.25f) / size.x);
    const glm::vec2 room = glm::max(glm::vec2(0.f), 0.98f - size * scale) * 0.5f;
    const glm::vec2 centre = 0.5f + off * room - bounds.middle() * scale;
    for (auto& camera : cameras) {
        camera.fx *= scale * float(side);
        camera.fy *= scale * float(side);
        camera.cx = centre.x * float(side);
        camera.cy = centre.y * float(side);
    }
}

} // namespace

std::vector<Camera> clipCameras(const CameraPlan& plan, const ClipMotion& motion,
                                std::uint64_t seed, int side) {
    const bool track = plan.kind == CameraPlan::Kind::Track;
    std::vector<Camera> cameras;
    for (int attempt = track ? 1 : 0; attempt < 2; ++attempt) {
        cameras = placed(plan, motion, seed, side, attempt == 1);
        Bounds all;
        std::vector<float> heights;
        for (std::size_t i = 0; i < cameras.size(); ++i) {
            Bounds own = boundsOf(cameras[i], motion.vertices[i]);
            own.low *= cameras[i].fx;
            own.high *= cameras[i].fx;
            heights.push_back(own.size().y);
            all.add(own);
        }
        std::nth_element(heights.begin(), heights.begin() + long(heights.size() / 2),
                         heights.end());
        const float usual = heights[heights.size() / 2];
        frame(cameras, all, plan.fill, plan.off, side);
        if (usual * cameras[0].fx / float(side) >= kSmall)
            break;
    }
    return cameras;
}

Camera portraitCamera(const std::vector<glm::vec3>& vertices, float azimuth, float height,
                      float distance, int side) {
    const glm::vec3 aim = middleOf(vertices);
    const glm::vec3 eye(aim.x + distance * std::sin(azimuth), height,
                        aim.z + distance * std::cos(azimuth));
    std::vector<Camera> one{lookAt(eye, aim, {side, side}, 1.f)};
    one[0].cx = one[0].cy = 0;
    frame(one, boundsOf(one[0], vertices), 0.9f, glm::vec2(0.f), side);
    return one[0];
}

} // namespace strata
