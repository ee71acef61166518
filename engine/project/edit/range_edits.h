// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// The first frame of the range. Clamped to the clip; when it comes to lie at or behind out, the
/// range is that one frame and everything up to the end of the clip.
///
///     in    out              in    out  setIn(f)            in        end
///     [------)      f   ->   .           f        ->        [----------)
Result<Project> setIn(Project project, std::int64_t frame);
/// The last frame that is still inside (the range ends behind it). Clamped to the clip; when it
/// comes to lie before in, the range begins with the clip.
Result<Project> setOut(Project project, std::int64_t lastFrame);
/// Clamped to the clip; at least one frame long.
Result<Project> setRange(Project project, FrameRange range);
/// From the clip's first frame to its last.
Result<Project> clearRange(Project project);
Project setLoop(Project project, bool loop);

} // namespace strata
