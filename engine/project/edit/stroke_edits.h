// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// Its id is given by the project (`stroke.id` is ignored). Usage when the stroke has no points,
/// points or a radius that are no numbers, a radius outside 0..4096 or a frame outside the clip,
/// and when its layer is locked. At most kMostStrokePoints points.
Result<Project> addStroke(Project project, Stroke stroke);
Result<Project> removeStroke(Project project, StrokeId id);
/// Removes the layer's strokes, of one frame or of all.
Result<Project> clearStrokes(Project project, LayerId layer,
                             std::optional<std::int64_t> frame = {});

inline constexpr std::size_t kMostStrokePoints = 100'000;

} // namespace strata
