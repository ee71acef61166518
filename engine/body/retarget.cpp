// SPDX-License-Identifier: Apache-2.0
#include "engine/body/retarget.h"

#include "engine/body/rest_alignment.h"
#include "engine/core/atomic_file.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::uintmax_t kMaxBvhBytes = 1u << 30;

Rational rateOfFrameTime(double seconds) {
    const double fps = 1.0 / seconds;
    const double whole = std::round(fps);
    // Files write .0333333 and mean 30; one part in 300 covers their rounding.
    if (whole >= 1 && std::abs(fps - whole) < whole / 300)
        return {std::int64_t(whole), 1};
    return {std::int64_t(std::round(fps * 1000)), 1000};
}

float legLength(const glm::vec3& hip, const glm::vec3& knee, const glm::vec3& ankle) {
    return glm::distance(hip, knee) + glm::distance(knee, ankle);
}

BodyPose poseOf(const BvhFramePose& source, const SkeletonMap& map, const RestAlignment& rest,
                const BodyModel& model) {
    std::array<glm::mat3, kBodyJoints> global;
    BodyPose pose;
    for (int j = 0; j < kBodyJoints; ++j) {
        const int parent = model.parents[j];
        // Toes follow the foot: markers there are noisy in every library, and nobody sees the
        // difference.
        const int own = j == 10 || j == 11 ? -1 : map.joints[j];
        if (own >= 0)
            global[j] = rest.toYUp * source.rotations[own] * rest.toLocal[j];
        else
            global[j] = parent < 0 ? glm::mat3(1.f) : global[parent];
        const glm::mat3 local = parent < 0 ? global[j] : glm::transpose(global[parent]) * global[j];
        pose.rotations[j] = axisAngleOf(local);
    }
    return pose;
}

/// Height of the lower sole above y = 0, taking the feet's rest clearance off.
float soleHeight(std::span<const glm::vec3> joints, const std::array<float, 4>& clearance) {
    static constexpr int kFeet[4] = {7, 8, 10, 11};
    float height = 1e9f;
    for (int k = 0; k < 4; ++k)
        height = std::min(height, joints[kFeet[k]].y - clearance[k]);
    return height;
}

/// Puts the feet on y = 0: the soles' fifth percentile, so that neither jumps nor single bad frames
/// count.
void standOnFloor(Motion& motion, const ShapedBody& body) {
    float floor = 1e9f;
    for (const glm::vec3& v : body.restVertices())
        floor = std::min(floor, v.y);
    std::array<float, 4> clearance;
    static constexpr int kFeet[4] = {7, 8, 10, 11};
    for (int k = 0; k < 4; ++k)
        clearance[k] = body.restJoints()[kFeet[k]].y - floor;
    std::vector<float> heights;
    std::array<glm::vec3, kBodyJoints> joints;
    for (const BodyPose& pose : motion.frames) {
        body.pose(pose, {}, joints);
        heights.push_back(soleHeight(joints, clearance));
    }
    std::vector<float> sorted = heights;
    const auto fifth = sorted.begin() + std::ptrdiff_t(sorted.size() / 20);
    std::nth_element(sorted.begin(), fifth, sorted.end());
    for (BodyPose& pose : motion.frames)
        pose.translation.y -= *fifth;
}

float meanTurn(const BodyPose& a, const BodyPose& b) {
    float turn = 0;
    for (int j = 0; j < kBodyJoints; ++j)
        turn += glm::length(
            axisAngleOf(glm::transpose(rotationOf(a.rotations[j])) * rotationOf(b.rotations[j])));
    return turn / kBodyJoints;
}

/// Many libraries (CMU's among them) begin each file with one frame of the rest pose, from which
/// the motion jumps.
void dropReferenceFrame(Motion& motion) {
    if (motion.frames.size() < 3)
        return;
    const float first = meanTurn(motion.frames[0], motion.frames[1]);
    const float second = meanTurn(motion.frames[1], motion.frames[2]);
    if (first > 0.05f && first > 5.f * second)
        motion.frames.erase(motion.frames.begin());
}

} // namespace

Result<Motion> retarget(const BvhFile& file, const BodyModel& model) {
    STRATA_ASSIGN(const SkeletonMap map, mapSkeleton(file));
    const RestAlignment rest = alignRest(file, map, model);
    const ShapedBody body(model, {});
    const auto joints = body.restJoints();

    const BvhFramePose zero = bvhZeroPose(file);
    const auto& m = map.joints;
    const float sourceLeg =
        legLength(zero.positions[m[1]], zero.positions[m[4]], zero.positions[m[7]]);
    if (!(sourceLeg > 1e-6f))
        return Error{ErrorCode::BadFormat, "The BVH skeleton has legs of no length."};
    const float scale = legLength(joints[1], joints[4], joints[7]) / sourceLeg;
    const glm::vec3 restHips = 0.5f * (joints[1] + joints[2]);

    Motion motion;
    motion.fps = rateOfFrameTime(file.frameTime);
    motion.betasOf = model.name;
    motion.frames.reserve(file.frameCount);
    glm::vec3 start(0.f);
    for (std::int64_t t = 0; t < file.frameCount; ++t) {
        const BvhFramePose source = bvhFrame(file, t);
        BodyPose pose = poseOf(source, map, rest, model);
        const glm::vec3 hips =
            scale * (rest.toYUp * (0.5f * (source.positions[m[1]] + source.positions[m[2]])));
        if (t == 0)
            start = {hips.x, 0.f, hips.z};
        // The middle of the hip joints is what both skeletons agree on; the pelvis joint is not.
        const glm::vec3 turned = rotationOf(pose.rotations[0]) * (restHips - joints[0]);
        pose.translation = hips - start - turned - joints[0];
        motion.frames.push_back(pose);
    }
    standOnFloor(motion, body);
    return motion;
}

Result<Motion> readBvh(const std::filesystem::path& path, const BodyModel& model) {
    STRATA_ASSIGN(const std::string text, readFile(path, kMaxBvhBytes));
    auto file = parseBvh(text);
    auto motion = file ? retarget(*file, model) : Result<Motion>(file.error());
    if (!motion)
        return Error{motion.error().code, path.filename().string() + ": " + motion.error().message};
    dropReferenceFrame(*motion);
    return motion;
}

} // namespace strata
