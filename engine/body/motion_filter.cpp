// SPDX-License-Identifier: Apache-2.0
#include "engine/body/motion_filter.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int kFootJoints[4] = {7, 10, 8, 11};

BodyPose average(const Motion& motion, std::int64_t centre, const std::vector<float>& kernel) {
    const auto last = std::int64_t(motion.frames.size()) - 1;
    const auto radius = std::int64_t(kernel.size()) - 1;
    BodyPose result;
    std::array<glm::quat, kBodyJoints> sums;
    sums.fill(glm::quat(0, 0, 0, 0));
    float weights = 0;
    const BodyPose& middle = motion.frames[centre];
    for (std::int64_t k = -radius; k <= radius; ++k) {
        const BodyPose& pose = motion.frames[std::clamp<std::int64_t>(centre + k, 0, last)];
        const float w = kernel[std::abs(k)];
        weights += w;
        result.translation += w * pose.translation;
        for (int j = 0; j < kBodyJoints; ++j) {
            const glm::quat q = quaternionOf(pose.rotations[j]);
            // q and -q are the same rotation: take the one on the centre's side.
            const float sign = glm::dot(q, quaternionOf(middle.rotations[j])) < 0 ? -w : w;
            sums[j] = sums[j] + q * sign;
        }
    }
    result.translation /= weights;
    for (int j = 0; j < kBodyJoints; ++j)
        result.rotations[j] = axisAngleOf(glm::normalize(sums[j]));
    return result;
}

} // namespace

Motion smoothed(const Motion& motion, double sigmaSeconds) {
    const double sigma = sigmaSeconds * motion.fps.value();
    if (!(sigma > 0.05) || motion.frames.size() < 2)
        return motion;
    std::vector<float> kernel;
    for (int k = 0; k <= int(std::ceil(3 * sigma)); ++k)
        kernel.push_back(float(std::exp(-0.5 * k * k / (sigma * sigma))));
    Motion result = motion;
    for (std::size_t t = 0; t < motion.frames.size(); ++t)
        result.frames[t] = average(motion, std::int64_t(t), kernel);
    return result;
}

std::vector<FootContact> footContacts(const Motion& motion, const ShapedBody& body, float maxSpeed,
                                      float maxHeight) {
    const std::size_t count = motion.frames.size();
    std::vector<std::array<glm::vec3, 4>> feet(count);
    std::array<float, 4> lowest;
    lowest.fill(1e9f);
    std::array<glm::vec3, kBodyJoints> joints;
    for (std::size_t t = 0; t < count; ++t) {
        body.pose(motion.frames[t], {}, joints);
        for (int k = 0; k < 4; ++k) {
            feet[t][k] = joints[kFootJoints[k]];
            lowest[k] = std::min(lowest[k], feet[t][k].y);
        }
    }
    std::vector<FootContact> contacts(count);
    for (std::size_t t = 0; t < count; ++t) {
        const std::size_t a = t > 0 ? t - 1 : t, b = t + 1 < count ? t + 1 : t;
        const float seconds = float(double(b - a) / motion.fps.value());
        for (int k = 0; k < 4; ++k) {
            const float speed = b > a ? glm::distance(feet[b][k], feet[a][k]) / seconds : 0.f;
            contacts[t].touching[k] = speed < maxSpeed && feet[t][k].y < lowest[k] + maxHeight;
        }
    }
    return contacts;
}

} // namespace strata
