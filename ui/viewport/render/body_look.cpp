// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/body_look.h"

#include <algorithm>
#include <limits>

namespace strata::ui {
namespace {

constexpr float kNear = 0.05f, kFar = 200.f; // metres

// SMPL's joints: which side of the body each belongs to.
constexpr std::array<int, kBodyJoints> kSide = {0, 1, -1, 0, 1, -1, 0, 1,  -1, 0,  1, -1,
                                                0, 1, -1, 0, 1, -1, 1, -1, 1,  -1, 1, -1};

glm::vec4 sideColor(int side, float opacity) {
    if (side > 0)
        return {0.35f, 0.85f, 0.45f, opacity};
    if (side < 0)
        return {1.f, 0.58f, 0.2f, opacity};
    return {0.92f, 0.92f, 0.95f, opacity};
}

} // namespace

std::vector<float> motionCodeColors(std::span<const glm::vec3> restVertices) {
    constexpr float darkest = 0.15f, brightest = 0.95f;
    glm::vec3 low(std::numeric_limits<float>::infinity()), high(-low);
    for (const auto& v : restVertices) {
        low = glm::min(low, v);
        high = glm::max(high, v);
    }
    std::vector<float> colors;
    colors.reserve(restVertices.size() * 3);
    for (const auto& v : restVertices)
        for (int axis = 0; axis < 3; ++axis) {
            const float range = high[axis] - low[axis];
            const float scale = range > 0 ? (brightest - darkest) / range : 0.f;
            colors.push_back(darkest + (v[axis] - low[axis]) * scale);
        }
    return colors;
}

std::vector<glm::vec3> vertexNormals(std::span<const glm::vec3> vertices,
                                     std::span<const glm::uvec3> faces) {
    std::vector<glm::vec3> normals(vertices.size(), glm::vec3(0.f));
    for (const auto& f : faces) {
        const glm::vec3 normal =
            glm::cross(vertices[f.y] - vertices[f.x], vertices[f.z] - vertices[f.x]);
        for (int i = 0; i < 3; ++i)
            normals[f[i]] += normal;
    }
    for (auto& n : normals)
        if (const float length = glm::length(n); length > 0)
            n /= length;
    return normals;
}

glm::mat4 pinholeProjection(const Camera& camera, const ViewTransform& view, Size screen,
                            bool topDown) {
    const auto scale = float(view.scale);
    const glm::vec2 focal = glm::vec2(camera.fx, camera.fy) * scale;
    const glm::vec2 centre =
        glm::vec2(camera.cx, camera.cy) * scale + glm::vec2(view.offset.x(), view.offset.y());
    const glm::vec2 size(screen.width, screen.height);
    const float flip = topDown ? 1.f : -1.f;
    glm::mat4 m(0.f); // columns
    m[0][0] = 2 * focal.x / size.x;
    m[1][1] = flip * 2 * focal.y / size.y;
    m[2] = {2 * centre.x / size.x - 1, flip * (2 * centre.y / size.y - 1),
            (kFar + kNear) / (kFar - kNear), 1};
    m[3][2] = -2 * kFar * kNear / (kFar - kNear);
    return m;
}

Strokes skeletonStrokes(const BodyFrame& body, const std::array<int, kBodyJoints>& parents,
                        const ViewTransform& view, float opacity, float unit) {
    std::array<QPointF, kBodyJoints> places;
    std::array<bool, kBodyJoints> inFront{};
    for (int j = 0; j < kBodyJoints; ++j) {
        inFront[j] = body.camera.toCamera(body.joints[j]).z > kNear;
        const glm::vec2 p = inFront[j] ? body.camera.project(body.joints[j]) : glm::vec2(0.f);
        places[j] = view.toScreen({p.x, p.y});
    }
    return skeletonStrokes(places, inFront, parents, opacity, unit);
}

Strokes skeletonStrokes(const std::array<QPointF, kBodyJoints>& places,
                        const std::array<bool, kBodyJoints>& inFront,
                        const std::array<int, kBodyJoints>& parents, float opacity, float unit) {
    Strokes strokes;
    const glm::vec4 outline(0.f, 0.f, 0.f, 0.55f * opacity);
    for (const bool border : {true, false}) { // a dark rim first, so that it shows on any picture
        for (int j = 1; j < kBodyJoints; ++j) {
            const int parent = parents[j];
            if (parent < 0 || !inFront[j] || !inFront[parent])
                continue;
            const auto color = border ? outline : sideColor(kSide[j], opacity);
            strokes.push_back({places[parent], places[j], color, (border ? 2.4f : 1.4f) * unit});
        }
        for (int j = 0; j < kBodyJoints; ++j)
            if (inFront[j]) {
                const auto color = border ? outline : sideColor(kSide[j], opacity);
                strokes.push_back({places[j], places[j], color, (border ? 4.f : 3.f) * unit});
            }
    }
    return strokes;
}

} // namespace strata::ui
