// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/synthesizer.h"

#include <cstdint>
#include <span>

namespace strata {

/// Adds the soft shadow that the body throws onto request.ground: dark under the feet, fading
/// within half a metre of height, drawn away from the light. `vertices` are in the camera's frame.
void addGroundShadow(HumanLayer& layer, std::span<const glm::vec3> vertices,
                     std::span<const std::uint32_t> faces, const FrameRequest& request,
                     float strength);

} // namespace strata
