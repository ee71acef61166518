// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/perception/detections.h"

#include <array>
#include <span>

namespace strata {

// BlazePose's landmark network: 33 landmarks of the body and 6 that place the next region.
constexpr int kPoseSide = 256;
constexpr int kPoseHeatmapSide = 64;
constexpr int kPosePoints = 39;

using PosePoints = std::array<glm::vec3, kPosePoints>;

/// Moves x and y of every point (pixels of the crop) to the middle of mass of its heatmap round it,
/// where the heatmap [64, 64, 39] (logits) is sure enough.
void refineByHeatmap(PosePoints& points, std::span<const float> heatmap);

/// Raw outputs (landmarks 39 x 5 in pixels of the crop, heatmap, world 39 x 3) to a pose in the
/// frame.
PersonPose decodePose(std::span<const float> landmarks, std::span<const float> heatmap,
                      std::span<const float> world, const PoseRegion& region);

} // namespace strata
