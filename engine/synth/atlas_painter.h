// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"
#include "engine/synth/head_hair.h"
#include "engine/synth/outline_fit.h"

namespace strata {

/// The atlas painted from the picture.
struct PaintedAtlas {
    ImageU8 texture;    // [S, S, 3] sRGB
    ImageU8 confidence; // [S, S, 1]
};

/// Carries the colours of `albedo` (the picture, linear, light removed; [h, w, 3]) to the atlas:
/// what is seen directly, then what the mirror side, the sides of the trunk and the surface in
/// front show, then what flows in over the mesh.
Result<PaintedAtlas> paintAtlas(const ShapedBody& body, const ImageF& albedo,
                                const PosedSurface& surface, const Evidence& evidence,
                                const HeadHair& hair, int size, const JobContext& job);

} // namespace strata
