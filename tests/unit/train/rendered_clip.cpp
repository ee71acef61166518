// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/train/rendered_clip.h"

#include "engine/train/render/camera_path.h"
#include "engine/train/render/materials.h"
#include "engine/train/render/renderer.h"

#include <algorithm>
#include <cmath>

namespace strata::test {
namespace {

constexpr float kPi = 3.14159265f;

/// Skin, shirt, trousers and shoes by the place on the resting body.
Material clothes(float feet, float height) {
    return [feet, height](const SurfacePoint& point) {
        const float up = (point.rest.y - feet) / height;
        Surface surface;
        if (up < 0.05f)
            surface.albedo = srgb(40, 36, 44);
        else if (up < 0.53f)
            surface.albedo = srgb(46, 66, 140);
        else if (up < 0.84f && std::abs(point.rest.x) < 0.3f * height)
            surface.albedo = srgb(196, 52, 44);
        else
            surface.albedo = srgb(206, 152, 120);
        return surface;
    };
}

BodyPose poseAt(float part, float ground) {
    BodyPose pose;
    const float swing = std::sin(2 * kPi * part);
    pose.rotations[16] = {0.5f * swing, 0.f, -1.1f};
    pose.rotations[17] = {-0.5f * swing, 0.f, 1.1f};
    pose.rotations[1] = {-0.45f * swing, 0.f, 0.f};
    pose.rotations[2] = {0.45f * swing, 0.f, 0.f};
    pose.rotations[0] = {0.f, 0.5f, 0.f};
    pose.translation = {-0.5f + part, ground, 0.f};
    return pose;
}

Scene surroundings() {
    Scene scene;
    scene.light.shadowRadius = 4.f;
    scene.add(makeQuad({-9, 0, 9}, {9, 0, 9}, {9, 0, -2}, {-9, 0, -2}), plain(srgb(120, 134, 96)));
    scene.add(makeQuad({-9, 0, -2}, {9, 0, -2}, {9, 6, -2}, {-9, 6, -2}),
              plain(srgb(168, 160, 150)));
    scene.add(makeBox({0.6f, 0, -1.6f}, {1.2f, 1.5f, -1.1f}), plain(srgb(60, 120, 130)));
    return scene;
}

ImageU8 onBlack(const ImageU8& picture, const ImageF& coverage) {
    ImageU8 out = picture;
    for (std::size_t i = 0; i < out.count(); ++i)
        out.data()[i] = std::uint8_t(std::lround(out.data()[i] * coverage.data()[i / 3]));
    return out;
}

ImageU8 onWhite(const ImageU8& picture, const ImageF& coverage) {
    ImageU8 out = picture;
    for (std::size_t i = 0; i < out.count(); ++i) {
        const float a = coverage.data()[i / 3];
        out.data()[i] = std::uint8_t(std::lround(out.data()[i] * a + 255.f * (1.f - a)));
    }
    return out;
}

} // namespace

RenderedClip renderClip(const BodyModel& body, int frames, int side) {
    const auto heightOf = [](const glm::vec3& v) { return v.y; };
    const auto [low, high] = std::ranges::minmax(body.vTemplate, {}, heightOf);
    const ShapedBody shaped(body, {});
    const auto figure = [&](const BodyPose& pose) {
        Mesh mesh;
        mesh.vertices.resize(body.vTemplate.size());
        shaped.pose(pose, mesh.vertices, {});
        mesh.faces = body.faces;
        mesh.rest = body.vTemplate;
        mesh.normals = vertexNormals(mesh.vertices, mesh.faces);
        return mesh;
    };
    const Material material = clothes(low.y, high.y - low.y);
    const Camera camera = lookAt({0, 1.2f, 3.6f}, {0, 0.85f, 0}, {side, side}, 1.25f * float(side));
    RenderOptions options;
    options.shadowSize = 256;

    RenderedClip clip;
    clip.camera = {side, side, camera.fx, camera.fy, camera.cx, camera.cy, 0.05f};
    const ImageU8 empty = toSrgb(render(surroundings(), camera, options).color);
    for (int i = 0; i < frames; ++i) {
        const float part = float(i) / float(std::max(1, frames - 1));
        const Mesh mesh = figure(poseAt(part, -low.y));
        Scene scene = surroundings();
        scene.add(mesh, material, SceneLayer::Human);
        const float post = 0.6f - 0.8f * part;
        scene.add(makeBox({post, 0, 0.9f}, {post + 0.22f, 1.05f, 1.1f}), plain(srgb(214, 178, 60)),
                  SceneLayer::Occluder);
        const RenderedFrame frame = render(scene, camera, options);
        clip.frames.push_back(toSrgb(frame.color));
        clip.scenes.push_back(empty);
        clip.occluders.push_back(onBlack(clip.frames.back(), frame.occluder));
        for (const auto& vertex : mesh.vertices) {
            const glm::vec3 seen = camera.toCamera(vertex);
            clip.vertices.insert(clip.vertices.end(), {seen.x, seen.y, seen.z});
        }
    }
    BodyPose canonical;
    canonical.rotations = body.aPose;
    canonical.translation = {0.f, -low.y, 0.f};
    Scene alone;
    alone.add(figure(canonical), material, SceneLayer::Human);
    const RenderedFrame frame = render(alone, camera, options);
    clip.identity = onWhite(toSrgb(frame.color), frame.human);
    return clip;
}

} // namespace strata::test
