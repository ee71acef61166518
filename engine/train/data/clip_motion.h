// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/clip_recipe.h"

namespace strata {

/// A person's way through a clip in the world: y up, ground at y = 0, the middle of the way at the
/// origin.
struct ClipMotion {
    std::vector<BodyPose> poses;                  // 30 a second
    std::vector<std::vector<glm::vec3>> vertices; // [F][6890] posed body
    float radius = 0;                             // of all vertices about the y axis
};

/// `sole` lifts the feet off the ground.
ClipMotion clipMotion(const TrainingAssets& assets, const ClipRecipe& recipe,
                      const ShapedBody& body, float sole, int frames);

/// A pose within what joints can do: standing, stepping, sitting down a little, arms anywhere.
BodyPose randomPose(RandomStream& random);

} // namespace strata
