// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/matte_trim.h"

#include <memory>

namespace strata {

/// The matte (one channel, 0..255) with its edge moved and softened. Growing adds a solid band to
/// what is at least half covered and keeps soft parts outside of it; shrinking takes the band and
/// all softness outside of the edge away. Distances are Euclidean. Where the picture ends, the
/// matte is taken to go on.
ImageU8 trimmedMatte(const ImageU8& matte, const MatteTrim& trim);

/// The same for every frame of a source, which comes back as it is when there is nothing to trim.
std::unique_ptr<MaskSource> trimmedMattes(std::unique_ptr<MaskSource> mattes,
                                          const MatteTrim& trim);

} // namespace strata
