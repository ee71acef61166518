// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// The clip's frames are all a marker can be at: elsewhere is clamped. Its id is given by the
/// project (`marker.id` is ignored). Usage without a clip.
Result<Project> addMarker(Project project, Marker marker);
Result<Project> removeMarker(Project project, MarkerId id);
Result<Project> moveMarker(Project project, MarkerId id, std::int64_t frame);
Result<Project> renameMarker(Project project, MarkerId id, std::string name);
Result<Project> setMarkerColor(Project project, MarkerId id, LabelColor color);

} // namespace strata
