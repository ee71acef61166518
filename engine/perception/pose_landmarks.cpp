// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/pose_landmarks.h"

#include "engine/perception/pose_region.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int kReach = 3; // cells round the landmark that are looked at: a window of seven
constexpr float kSure = 0.5f;
constexpr std::size_t kMidHip = 33, kOnCircle = 34; // among the points beyond the body's

float sigmoid(float x) { return 1.f / (1.f + std::exp(-x)); }

} // namespace

void refineByHeatmap(PosePoints& points, std::span<const float> heatmap) {
    constexpr float cell = float(kPoseSide) / kPoseHeatmapSide;
    for (std::size_t k = 0; k < points.size(); ++k) {
        auto& point = points[k];
        if (!(point.x >= 0 && point.y >= 0 && point.x < kPoseSide && point.y < kPoseSide))
            continue;
        const int column = int(point.x / cell), row = int(point.y / cell);
        float sum = 0, sumX = 0, sumY = 0, best = 0;
        for (int y = std::max(0, row - kReach); y <= std::min(kPoseHeatmapSide - 1, row + kReach);
             ++y)
            for (int x = std::max(0, column - kReach);
                 x <= std::min(kPoseHeatmapSide - 1, column + kReach); ++x) {
                const auto at =
                    (std::size_t(y) * kPoseHeatmapSide + std::size_t(x)) * kPosePoints + k;
                const float sure = sigmoid(heatmap[at]);
                best = std::max(best, sure);
                sum += sure;
                sumX += sure * float(x);
                sumY += sure * float(y);
            }
        if (best >= kSure && sum > 0) {
            point.x = sumX / sum * cell;
            point.y = sumY / sum * cell;
        }
    }
}

PersonPose decodePose(std::span<const float> landmarks, std::span<const float> heatmap,
                      std::span<const float> world, const PoseRegion& region) {
    PosePoints points;
    for (std::size_t k = 0; k < points.size(); ++k)
        points[k] = {landmarks[5 * k], landmarks[5 * k + 1], landmarks[5 * k + 2]};
    refineByHeatmap(points, heatmap);

    const float scale = region.side / kPoseSide;
    const float c = std::cos(region.angle), s = std::sin(region.angle);
    for (auto& point : points) {
        const float x = (point.x - kPoseSide / 2.f) * scale,
                    y = (point.y - kPoseSide / 2.f) * scale;
        point = {region.center.x + c * x - s * y, region.center.y + s * x + c * y, point.z * scale};
    }
    PersonPose pose;
    for (std::size_t k = 0; k < std::size_t(kPoseLandmarks); ++k) {
        pose.landmarks[k] = points[k];
        pose.visibility[k] = sigmoid(landmarks[5 * k + 3]);
        pose.presence[k] = sigmoid(landmarks[5 * k + 4]);
        const float x = world[3 * k], y = world[3 * k + 1];
        pose.world[k] = {c * x - s * y, s * x + c * y, world[3 * k + 2]};
    }
    pose.nextRegion = regionAround(glm::vec2(points[kMidHip]), glm::vec2(points[kOnCircle]));
    return pose;
}

} // namespace strata
