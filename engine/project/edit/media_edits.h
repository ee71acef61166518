// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// Adds a file to the project's media; its id is given by the project (`item.id` is ignored). A
/// file that is there already, as the same kind, is not added twice. Usage when the path is empty
/// or relative.
Result<Project> addMedia(Project project, MediaItem item);
/// Takes a file out of the project and clears the sources that use it. Usage for the clip that is
/// edited.
Result<Project> removeMedia(Project project, MediaId id);
/// Begins with another clip: all of it between in and out, its scene and occluder layer, and nobody
/// in it yet. Markers, strokes, people and their layers of the clip before go. Usage when the item
/// is no Clip or has no frames.
Result<Project> openClip(Project project, MediaId id);
/// The file is somewhere else now. `found` are the facts of the new file; those of the clip that is
/// edited must agree with the known ones in size, rate and number of frames (Usage otherwise), for
/// all that was edited is in its frames and pixels.
Result<Project> relinkMedia(Project project, MediaId id, std::filesystem::path path,
                            MediaFacts found);
/// What reading the file told. With the same condition as relinkMedia().
Result<Project> setMediaFacts(Project project, MediaId id, MediaFacts facts);

/// The item with this path and kind; null when there is none.
const MediaItem* findMedia(const Project& project, const std::filesystem::path& path,
                           MediaKind kind);

} // namespace strata
