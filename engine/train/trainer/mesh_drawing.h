// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/train/data/rendered_clip.h"

namespace strata {

/// The clip's person drawn by the mesh synthesiser from the A-pose picture, with the true body,
/// motion, cameras and scene, in light estimated from the clip as an edit does.
Result<std::vector<ImageU8>> meshDrawing(const RenderedClip& clip, const BodyModel& body,
                                         const JobContext& job);

} // namespace strata
