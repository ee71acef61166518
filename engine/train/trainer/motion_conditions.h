// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/training_networks.h"

#include <torch/types.h>

namespace strata {

/// Pictures of a posed body that other methods give their pose guiders, to compare the motion code
/// with. vertices: f32 [F, V, 3] in the cameras' frames, metres; cameras: f32 [F, 4] fx, fy, cx,
/// cy; all on the CPU. They throw c10::Error where the body lacks what they need.
constexpr std::int64_t kSkeletonChannels = 3, kMapChannels = 7;

/// Bones as lines, each in a colour of its own, on black, without regard to what hides what.
/// -> [F, 3, height, width] in 0..1
torch::Tensor skeletonPictures(const torch::Tensor& vertices, const torch::Tensor& cameras,
                               const TrainingBody& body, int width, int height);

/// The surface's normal (3 channels, -1..1 as 0..1), its depth (1 at a metre before the body's
/// middle, 0 at a metre behind), and the colour of the part it belongs to (3); 0 where no body is.
/// -> [F, 7, height, width] in 0..1
torch::Tensor mapPictures(const torch::Tensor& vertices, const torch::Tensor& cameras,
                          const TrainingBody& body, int width, int height);

/// The pictures' cameras.
std::vector<RasterCamera> rasterCameras(const torch::Tensor& cameras, int width, int height);

} // namespace strata
