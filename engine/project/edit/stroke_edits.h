// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// Its id is given by the project (`stroke.id` is ignored); points are rounded to sixteenths of a
/// pixel, finer than a hand. Usage when the stroke has no points or more than kMostStrokePoints,
/// when points or radius are no numbers, when the radius is not within 0..kMostRadius or the frame
/// not in the clip, and when the layer is locked or is the scene, which is what the others leave.
Result<Project> addStroke(Project project, Stroke stroke);
Result<Project> removeStroke(Project project, StrokeId id);
/// Removes the layer's strokes, of one frame or of all.
Result<Project> clearStrokes(Project project, LayerId layer,
                             std::optional<std::int64_t> frame = {});

} // namespace strata
