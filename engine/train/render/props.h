// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/render/materials.h"

namespace strata {

/// Things that scenes are built from. Metres.

/// A trunk with a crown of leaves; `leaves` in each of the four parts of the crown.
void addTree(Scene& scene, const glm::vec3& foot, float height, const glm::vec3& color, int seed,
             int leaves = 6500, float leafLength = 0.11f);
/// Front at `z`, six metres deep.
void addHouse(Scene& scene, float x0, float x1, float z, float height, const Material& front);
void addBench(Scene& scene, const glm::vec3& at);
void addLampPost(Scene& scene, const glm::vec3& foot);

} // namespace strata
