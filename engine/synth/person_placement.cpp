// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/person_placement.h"

#include "engine/body/bone_transforms.h"
#include "engine/synth/foot_contacts.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {

float bodyHeight(const BodyModel& model, const Betas& betas) {
    const ShapedBody body(model, betas);
    float low = 1e9f, high = -1e9f;
    for (const auto& v : body.restVertices()) {
        low = std::min(low, v.y);
        high = std::max(high, v.y);
    }
    return high - low;
}

glm::vec3 upDirection(const BodyModel& model, const Motion& motion) {
    if (motion.cameras.empty() || motion.frames.empty())
        return {0.f, 1.f, 0.f};
    const ShapedBody body(model, motion.betas);
    glm::vec3 camera(0.f), person(0.f);
    const std::size_t step = std::max<std::size_t>(1, motion.frames.size() / 200);
    for (std::size_t i = 0; i < motion.frames.size(); i += step) {
        const Camera& c = motion.cameras[std::min(i, motion.cameras.size() - 1)];
        camera += glm::transpose(c.rotation) * glm::vec3(0.f, -1.f, 0.f);
        const BoneTransforms bones = boneTransforms(body, motion.frames[i]);
        const auto joint = [&](std::size_t j) {
            return bones.rotation[j] * body.restJoints()[j] + bones.offset[j];
        };
        const glm::vec3 spine = joint(12) - joint(0);
        if (glm::length(spine) > 1e-4f)
            person += glm::normalize(spine);
    }
    if (glm::length(camera) < 1e-4f)
        return {0.f, 1.f, 0.f};
    camera = glm::normalize(camera);
    if (glm::length(person) < 1e-4f)
        return camera;
    person = glm::normalize(person);
    // Someone who lies or bends all the time says nothing about the vertical.
    if (glm::dot(camera, person) < std::cos(0.5f))
        return camera;
    return glm::normalize(camera + person);
}

FrameRequest::Ground groundOf(const BodyModel& model, const Motion& motion, const glm::vec3& up) {
    FrameRequest::Ground ground;
    ground.up = up;
    if (motion.frames.empty())
        return ground;
    const ShapedBody body(model, motion.betas);
    const FootContacts feet(body);
    std::vector<float> heights;
    glm::vec3 middle(0.f);
    for (const auto& pose : motion.frames) {
        const auto points = feet.at(pose);
        const glm::vec3 stand = FootContacts::mean(points, FootContacts::weights(points, up));
        heights.push_back(glm::dot(stand, up));
        middle += stand / float(motion.frames.size());
    }
    // Jumps lift some frames; a few frames lie too low by error.
    const auto low = heights.begin() + std::ptrdiff_t(heights.size() / 5);
    std::nth_element(heights.begin(), low, heights.end());
    ground.point = middle + up * (*low - glm::dot(middle, up));
    return ground;
}

PlacedMotion placeIdentity(const BodyModel& model, const Motion& driving, const Betas& identity,
                           BodySize size) {
    const glm::vec3 up = upDirection(model, driving);
    PlacedMotion out;
    out.motion = driving;
    out.ground = groundOf(model, driving, up);
    if (size == BodySize::DrivingBuild)
        return out;
    out.motion.betas = identity;
    if (size == BodySize::OwnBuild)
        out.bodyScale = bodyHeight(model, driving.betas) / bodyHeight(model, identity);
    const ShapedBody oldBody(model, driving.betas), newBody(model, identity);
    const FootContacts oldFeet(oldBody), newFeet(newBody);
    for (auto& pose : out.motion.frames) {
        const auto before = oldFeet.at(pose);
        const auto weights = FootContacts::weights(before, up);
        const auto after = newFeet.at(pose, out.bodyScale);
        pose.translation +=
            FootContacts::mean(before, weights) - FootContacts::mean(after, weights);
    }
    return out;
}

} // namespace strata
