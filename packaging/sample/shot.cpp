// SPDX-License-Identifier: Apache-2.0
#include "packaging/sample/shot.h"

#include "engine/train/render/camera_path.h"
#include "packaging/sample/cast.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata::sample {
namespace {

constexpr float kSole = 0.022f; // thickness of the shoes
constexpr float kExposure = 0.92f;
constexpr float kGrain = 1.6f;

float lowestPoint(const ShapedBody& body, const BodyPose& pose) {
    std::vector<glm::vec3> vertices(kBodyVertices);
    body.pose(pose, vertices, {});
    float low = std::numeric_limits<float>::infinity();
    for (const auto& v : vertices)
        low = std::min(low, v.y);
    return low;
}

float heightOf(const ShapedBody& body) {
    float low = 0, high = 0;
    for (const auto& v : body.restVertices()) {
        low = std::min(low, v.y);
        high = std::max(high, v.y);
    }
    return high - low;
}

void turnAround(BodyPose& pose, const ShapedBody& body, const glm::mat3& turn) {
    // The root turns about the pelvis, which is not at the origin.
    const glm::vec3 pelvis = body.restJoints()[0];
    pose.translation = turn * (pelvis + pose.translation) - pelvis;
    pose.rotations[0] = axisAngleOf(turn * rotationOf(pose.rotations[0]));
}

} // namespace

Motion stageWalk(const Motion& recorded, const ShapedBody& body, Rational fps, int frames,
                 Size size) {
    Motion walk = resampled(recorded, fps);
    const auto count = std::min<std::size_t>(std::size_t(frames), walk.frames.size());
    walk.frames.resize(count);
    walk.confidence.clear();
    const glm::vec3 way = walk.frames.back().translation - walk.frames.front().translation;
    // About y: brings the way onto +x, a little towards the camera so that the face is seen.
    const float angle = std::atan2(way.z, way.x) - 0.38f;
    const glm::mat3 turn = rotationOf({0, angle, 0});
    for (auto& pose : walk.frames)
        turnAround(pose, body, turn);
    float low = std::numeric_limits<float>::infinity();
    glm::vec3 middle(0.f);
    for (const auto& pose : walk.frames) {
        low = std::min(low, lowestPoint(body, pose));
        middle += (body.restJoints()[0] + pose.translation) / float(count);
    }
    HandHeldPath path;
    path.eyeFrom = {-0.75f, 1.42f, 5.35f};
    path.eyeTo = {0.6f, 1.5f, 5.1f};
    path.targetFrom = {-0.85f, 0.98f, 0.f};
    path.targetTo = {0.75f, 1.02f, 0.f};
    path.focal = 0.93f * float(size.width);
    for (std::size_t i = 0; i < count; ++i) {
        walk.frames[i].translation -= glm::vec3(middle.x, low - kSole, middle.z);
        walk.cameras.push_back(path.at(double(i) / fps.value(), double(i) / double(count), size));
    }
    return walk;
}

ShotFrame renderShot(const Scene& street, const DressedPerson& walker, const BodyPose& pose,
                     const Camera& camera, int frame, int samplesPerSide) {
    const RenderOptions options{samplesPerSide, 2048, kExposure};
    Scene populated = street;
    walker.addTo(populated, pose);
    const RenderedFrame full = render(populated, camera, options);
    const RenderedFrame empty = render(street, camera, options);
    return {toSrgb(full.color, kGrain, frame), toSrgb(empty.color), toMask(full.human),
            toMask(full.occluder), full.depth};
}

ImageU8 renderIdentity(const DressedPerson& person, const Scene& place, Size size,
                       int samplesPerSide, float turn, std::int32_t seed) {
    BodyPose pose = standing();
    turnAround(pose, person.body(), rotationOf({0, turn, 0}));
    pose.translation.y += kSole - lowestPoint(person.body(), pose);
    const glm::vec3 pelvis = person.body().restJoints()[0] + pose.translation;
    pose.translation -= glm::vec3(pelvis.x, 0, pelvis.z);
    Scene scene = place;
    person.addTo(scene, pose);
    const float focal = 1.72f * float(size.height) * 1.8f / heightOf(person.body());
    const Camera camera =
        lookAt({0.05f, 1.25f, 3.75f}, {0, 0.5f * heightOf(person.body()), 0}, size, focal);
    const RenderedFrame frame = render(scene, camera, {samplesPerSide, 2048, kExposure});
    return toSrgb(frame.color, 1.2f, seed);
}

} // namespace strata::sample
