// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/train/data/clip_recipe.h"
#include "engine/train/render/layered_frame.h"

#include <stop_token>

namespace strata {

struct RenderClipOptions {
    int side = 256;    // of the square pictures
    int frames = 24;   // at 30 a second
    int portraits = 2; // of the same person elsewhere
};

/// The person alone on white, as a reference picture is after matting.
struct Portrait {
    ImageU8 color; // [side, side, 3]
    ImageU8 alpha; // [side, side, 1]
    BodyPose pose;
    Camera camera;
};

/// A training clip with the exact truth about it.
struct RenderedClip {
    std::vector<LayeredFrame> frames;
    Motion motion; // poses in the world, betas, one camera per frame, 30 frames a second
    std::vector<std::vector<glm::vec3>> vertices; // [F][6890] in the camera's frame, metres
    /// In the A-pose, from the front, [2 side, 2 side]: a reference picture shows its person larger
    /// than a clip does.
    Portrait canonical;
    std::vector<Portrait> portraits; // in other poses, from elsewhere, in other light
};

/// Draws what the recipe says. The same bits for every number of threads. Cancelled between frames.
Result<RenderedClip> renderClip(const TrainingAssets& assets, const ClipRecipe& recipe,
                                const RenderClipOptions& options, std::stop_token stop = {});

/// MIMO's background: what is behind, with the nearer things still in front of it.
ImageU8 plateWithOccluder(const LayeredFrame& frame);

} // namespace strata
