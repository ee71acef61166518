// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include "engine/eval/temporal_metrics.h"
#include "engine/train/data/rendered_clip.h"

namespace strata {

/// Where the pixels of frame `index` that show the person's body are in the next frame: known where
/// the body is seen at both ends and nothing is in front of it. Cloth and hair that lie off the
/// body move as the body under them.
PixelMotion bodyMotion(const RenderedClip& clip, const BodyModel& body, std::size_t index);

} // namespace strata
