// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_motion.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

BodyPose between(const BodyPose& a, const BodyPose& b, float t) {
    BodyPose out;
    for (std::size_t j = 0; j < kBodyJoints; ++j)
        out.rotations[j] =
            axisAngleOf(glm::slerp(quaternionOf(a.rotations[j]), quaternionOf(b.rotations[j]), t));
    out.translation = glm::mix(a.translation, b.translation, t);
    return out;
}

std::vector<BodyPose> recorded(const MotionAsset& asset, const ClipRecipe& recipe, int frames,
                               float stride) {
    const auto last = float(asset.frames.size() - 1);
    const float length = std::min(last, float(frames - 1) * recipe.speed);
    const float start = recipe.start * (last - length);
    std::vector<BodyPose> out;
    for (int i = 0; i < frames; ++i) {
        const float at = std::min(last, start + length * float(i) / float(std::max(1, frames - 1)));
        const auto low = std::min(std::size_t(at), asset.frames.size() - 1);
        const auto high = std::min(low + 1, asset.frames.size() - 1);
        out.push_back(between(asset.frames[low], asset.frames[high], at - float(low)));
        out.back().translation *= stride;
    }
    return out;
}

std::vector<BodyPose> madeUp(const ClipRecipe& recipe, int frames) {
    RandomStream random(recipe.seed * 2 + (recipe.split == Split::HeldOut ? 1 : 0), 0x905e);
    constexpr int kHold = 12; // frames from one pose to the next
    std::vector<BodyPose> keys;
    for (int i = 0; i < frames / kHold + 3; ++i)
        keys.push_back(randomPose(random));
    std::vector<BodyPose> out;
    for (int i = 0; i < frames; ++i) {
        const float at = float(i) * recipe.speed / kHold;
        const auto key = std::min(std::size_t(at), keys.size() - 2);
        const float t = std::min(1.f, at - float(key));
        out.push_back(between(keys[key], keys[key + 1], t * t * (3 - 2 * t)));
    }
    return out;
}

void turnAround(BodyPose& pose, const ShapedBody& body, const glm::mat3& turn) {
    // The root turns about the pelvis, which is not at the origin.
    const glm::vec3 pelvis = body.restJoints()[0];
    pose.translation = turn * (pelvis + pose.translation) - pelvis;
    pose.rotations[0] = axisAngleOf(turn * rotationOf(pose.rotations[0]));
}

float lowestOf(const std::vector<glm::vec3>& vertices) {
    float low = std::numeric_limits<float>::infinity();
    for (const auto& v : vertices)
        low = std::min(low, v.y);
    return low;
}

/// The level that the feet come down to around each frame. The least over a window, evened out over
/// as long a window, is never above what it was taken from: feet do not sink in.
std::vector<float> groundLevels(const std::vector<float>& lowest) {
    constexpr std::int64_t kReach = 8; // frames; flights of running and jumping are shorter
    const auto last = std::int64_t(lowest.size()) - 1;
    const auto at = [&](const std::vector<float>& values, std::int64_t i) {
        return values[std::size_t(std::clamp<std::int64_t>(i, 0, last))];
    };
    std::vector<float> least, out;
    for (std::int64_t i = 0; i <= last; ++i) {
        float low = at(lowest, i);
        for (std::int64_t k = i - kReach; k <= i + kReach; ++k)
            low = std::min(low, at(lowest, k));
        least.push_back(low);
    }
    for (std::int64_t i = 0; i <= last; ++i) {
        float sum = 0;
        for (std::int64_t k = i - kReach; k <= i + kReach; ++k)
            sum += at(least, k);
        out.push_back(sum / float(2 * kReach + 1));
    }
    return out;
}

/// Puts the feet on the ground: a recording keeps its jumps, a made-up motion always stands.
void ground(ClipMotion& motion, bool keepJumps, float sole) {
    std::vector<float> levels;
    for (const auto& vertices : motion.vertices)
        levels.push_back(lowestOf(vertices));
    if (keepJumps)
        levels = groundLevels(levels);
    for (std::size_t i = 0; i < motion.poses.size(); ++i) {
        const float shift = sole - levels[i];
        motion.poses[i].translation.y += shift;
        for (auto& v : motion.vertices[i])
            v.y += shift;
    }
}

} // namespace

BodyPose randomPose(RandomStream& random) {
    const auto within = [&](const glm::vec3& range) { return random.inBox(-range, range); };
    BodyPose pose;
    pose.rotations[0] = within({0.15f, 0.5f, 0.1f});
    const float crouch = random.chance(0.3f) ? random.uniform(0.3f, 1.1f) : 0.f;
    for (int side = 0; side < 2; ++side) {
        const float mirror = side ? -1.f : 1.f; // joints of the left side come first
        const float knee = crouch * 1.6f + random.uniform(0.f, 0.35f);
        const float lift = random.chance(0.15f) ? random.uniform(0.4f, 1.2f) : 0.f;
        pose.rotations[std::size_t(1 + side)] = {-crouch - lift + random.uniform(-0.3f, 0.25f),
                                                 mirror * random.uniform(-0.1f, 0.3f),
                                                 mirror * random.uniform(-0.02f, 0.3f)};
        pose.rotations[std::size_t(4 + side)] = {knee + lift, 0.f, 0.f};
        pose.rotations[std::size_t(7 + side)] = {-0.5f * crouch + random.uniform(-0.1f, 0.1f), 0.f,
                                                 0.f};
        // Arms from hanging down to raised, forwards and outwards.
        const float raised =
            random.chance(0.35f) ? random.uniform(-0.9f, 1.f) : random.uniform(-1.3f, -0.5f);
        pose.rotations[std::size_t(16 + side)] = {
            random.uniform(-0.4f, 0.4f), -mirror * random.uniform(-0.3f, 1.1f), mirror * raised};
        pose.rotations[std::size_t(18 + side)] = {random.uniform(-0.2f, 0.2f),
                                                  -mirror * random.uniform(0.05f, 1.9f), 0.f};
        pose.rotations[std::size_t(13 + side)] = within({0.05f, 0.1f, 0.1f});
        pose.rotations[std::size_t(20 + side)] = within({0.3f, 0.2f, 0.3f});
    }
    const float bow = random.uniform(-0.08f, 0.2f) + 0.25f * crouch;
    const glm::vec3 twist = within({0.1f, 0.3f, 0.14f});
    for (const std::size_t j : {3u, 6u, 9u})
        pose.rotations[j] = twist / 2.f + glm::vec3(bow / 2, 0, 0);
    pose.rotations[12] = within({0.15f, 0.35f, 0.12f});
    pose.rotations[15] = within({0.2f, 0.4f, 0.15f});
    pose.translation = within({0.12f, 0.f, 0.12f});
    return pose;
}

ClipMotion clipMotion(const TrainingAssets& assets, const ClipRecipe& recipe,
                      const ShapedBody& body, float sole, int frames) {
    ClipMotion motion;
    const float legs = body.restJoints()[0].y - body.restJoints()[7].y;
    const float meanLegs = assets.body.jointTemplate[0].y - assets.body.jointTemplate[7].y;
    motion.poses = recipe.recorded
                       ? recorded(assets.motions[recipe.motion], recipe, frames, legs / meanLegs)
                       : madeUp(recipe, frames);
    const glm::mat3 turn = rotationOf({0.f, recipe.turn, 0.f});
    glm::vec3 middle(0.f);
    for (auto& pose : motion.poses) {
        turnAround(pose, body, turn);
        middle += (body.restJoints()[0] + pose.translation) / float(frames);
    }
    motion.vertices.assign(motion.poses.size(), std::vector<glm::vec3>(kBodyVertices));
    parallelFor(0, frames, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto i = std::size_t(begin); i < std::size_t(end); ++i) {
            motion.poses[i].translation -= glm::vec3(middle.x, 0, middle.z);
            body.pose(motion.poses[i], motion.vertices[i], {});
        }
    });
    ground(motion, recipe.recorded, sole);
    for (const auto& vertices : motion.vertices)
        for (const auto& v : vertices)
            motion.radius = std::max(motion.radius, v.x * v.x + v.z * v.z);
    motion.radius = std::sqrt(motion.radius);
    return motion;
}

} // namespace strata
