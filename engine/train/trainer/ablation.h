// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/training_config.h"

#include <array>
#include <string_view>

namespace strata {

/// The paper's ablation on our small networks: without the mesh synthesiser's sketch, each row with
/// one thing otherwise. "sketch" is the full one with the sketch.
constexpr std::array<std::string_view, 7> kAblationNames{
    "ablation-full",         "ablation-no-layers",   "ablation-skeleton", "ablation-maps",
    "ablation-no-canonical", "ablation-no-occluder", "ablation-sketch"};

/// - no-layers: nothing is told of scene and what is in front; the person and the place are those
///   of the clip's first frame;
/// - skeleton, maps: the motion as the bones in the picture, or as normals, depth and parts;
/// - no-canonical: the person as cut out in another pose;
/// - no-occluder: nothing is told of what is in front.
/// Usage for other names.
Result<TrainingConfig> ablationConfig(std::string_view name);

} // namespace strata
