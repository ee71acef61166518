// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/rendered_clip.h"
#include "engine/train/data/training_assets.h"

namespace strata {

/// Writes a drawn clip as one file that `strata train run --clips` learns from (see
/// engine/train/trainer), complete or not at all. The clip's pictures must have sides that are
/// multiples of 8.
Status packRenderedClip(const RenderedClip& clip, const BodyModel& body,
                        const std::filesystem::path& file);

} // namespace strata
