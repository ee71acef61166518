// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/matte_stroke.h"

#include <memory>
#include <span>

namespace strata {

/// The matte (one channel, 0..255) of frame `frame` with that frame's strokes painted in their
/// order, edges smooth. `scale`: pixels of the matte per pixel of the clip.
ImageU8 paintedMatte(const ImageU8& matte, std::span<const MatteStroke> strokes, std::int64_t frame,
                     double scale = 1);

/// Whether any stroke is on frame `frame`.
bool isPainted(std::span<const MatteStroke> strokes, std::int64_t frame);

/// The same for every frame of a source whose frame 0 is `firstFrame` of the clip. Comes back as it
/// is when there are no strokes.
std::unique_ptr<MaskSource> paintedMattes(std::unique_ptr<MaskSource> mattes,
                                          std::vector<MatteStroke> strokes,
                                          std::int64_t firstFrame);

} // namespace strata
