// SPDX-License-Identifier: Apache-2.0
#include "engine/body/rotations.h"
#include "engine/synth/foot_contacts.h"
#include "engine/synth/person_placement.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
namespace {

constexpr std::size_t kStartFrames = 5; // the beginning is read from the mean of so many frames

glm::vec3 flattened(const glm::vec3& v, const glm::vec3& up) { return v - glm::dot(v, up) * up; }

/// One motion's stand on the ground: where its carrying foot points are and which way it faces.
struct Stand {
    std::vector<glm::vec3> anchors; // one per frame
    std::vector<FootContacts::Weights> weights;
    glm::vec3 start{0.f};  // mean anchor of the first frames, on the ground
    glm::vec3 facing{0.f}; // level, unit, at the start
};

Stand standOf(const BodyModel& model, const Motion& motion, const glm::vec3& up) {
    const ShapedBody body(model, motion.betas);
    const FootContacts feet(body);
    const auto ground = groundOf(model, motion, up);
    Stand out;
    for (const auto& pose : motion.frames) {
        const auto points = feet.at(pose);
        out.weights.push_back(FootContacts::weights(points, up));
        out.anchors.push_back(FootContacts::mean(points, out.weights.back()));
    }
    const std::size_t count = std::min(kStartFrames, motion.frames.size());
    glm::vec3 facing(0.f);
    for (std::size_t i = 0; i < count; ++i) {
        out.start += out.anchors[i] / float(count);
        facing += rotationOf(motion.frames[i].rotations[0]) * glm::vec3(0.f, 0.f, 1.f);
    }
    out.start += up * (glm::dot(ground.point, up) - glm::dot(out.start, up));
    facing = flattened(facing, up);
    out.facing = glm::length(facing) > 1e-3f ? glm::normalize(facing) : glm::vec3(0.f);
    return out;
}

/// Turns the replacement's world (y up) into the scene's, facing as the source does if asked to.
glm::mat3 turnInto(const Stand& source, const Stand& replacement, const glm::vec3& up,
                   const Camera& camera, bool faceAsSource) {
    const glm::mat3 upright = rotationBetween({0.f, 1.f, 0.f}, up);
    // Left to itself, a motion's +z comes towards the camera.
    glm::vec3 to = flattened(-(glm::transpose(camera.rotation) * glm::vec3(0.f, 0.f, 1.f)), up);
    glm::vec3 from = flattened(upright * glm::vec3(0.f, 0.f, 1.f), up);
    if (faceAsSource && glm::length(source.facing) > 0.f && glm::length(replacement.facing) > 0.f) {
        to = source.facing;
        from = flattened(upright * replacement.facing, up);
    }
    if (glm::length(from) < 1e-4f || glm::length(to) < 1e-4f)
        return upright;
    from = glm::normalize(from);
    to = glm::normalize(to);
    const float angle = std::atan2(glm::dot(glm::cross(from, to), up), glm::dot(from, to));
    return rotationOf(up * angle) * upright;
}

float legLength(const ShapedBody& body) {
    const auto j = body.restJoints();
    return glm::distance(j[1], j[4]) + glm::distance(j[4], j[7]);
}

} // namespace

Result<Motion> placeMotion(const BodyModel& model, const Motion& source, const Motion& replacement,
                           const SceneMotionOptions& options) {
    if (source.frames.empty() || replacement.frames.empty())
        return Error{ErrorCode::NothingToDo,
                     "A motion without frames cannot be placed into a clip."};
    if (source.cameras.size() != source.frames.size())
        return Error{
            ErrorCode::ShapeMismatch,
            "The clip's motion has no camera for each frame, so a new motion cannot be placed."};
    const Motion driving = resampled(replacement, source.fps);
    if (driving.frames.empty())
        return Error{ErrorCode::NothingToDo,
                     "The new motion is shorter than one frame of the clip."};
    const glm::vec3 up = upDirection(model, source);
    const Stand from = standOf(model, driving, {0.f, 1.f, 0.f});
    const Stand to = standOf(model, source, up);
    const glm::mat3 turn = turnInto(to, from, up, source.cameras.front(), options.faceAsSource);
    const ShapedBody body(model, source.betas);
    const FootContacts feet(body);
    const float scale =
        legLength(body) / std::max(legLength(ShapedBody(model, driving.betas)), 0.1f);

    Motion out;
    out.fps = source.fps;
    out.betas = source.betas;
    out.cameras = source.cameras;
    out.frames.reserve(source.frames.size());
    const std::size_t length = driving.frames.size();
    const glm::vec3 perRound =
        flattened(turn * (from.anchors.back() - from.anchors.front()), up) * scale;
    for (std::size_t i = 0; i < source.frames.size(); ++i) {
        const std::size_t round = options.loop ? i / length : 0;
        const std::size_t at = options.loop ? i % length : std::min(i, length - 1);
        glm::vec3 anchor =
            to.start + scale * (turn * (from.anchors[at] - from.start)) + float(round) * perRound;
        if (options.followSource) {
            const glm::vec3 there = to.anchors[i];
            anchor = there + up * glm::dot(anchor - there, up);
        }
        BodyPose pose = driving.frames[at];
        pose.rotations[0] = axisAngleOf(turn * rotationOf(pose.rotations[0]));
        pose.translation = glm::vec3(0.f);
        pose.translation = anchor - FootContacts::mean(feet.at(pose), from.weights[at]);
        out.frames.push_back(pose);
    }
    return out;
}

} // namespace strata
