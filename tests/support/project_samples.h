// SPDX-License-Identifier: Apache-2.0
// Projects for tests of the document.
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <random>

namespace strata {

/// A clip of 100 frames with two people and a layer for each, nothing else edited. Media are 1 (the
/// clip), 2 (a picture), 3 (a motion file).
Project sampleProject();

/// The value, or a test failure that says why there is none and an empty project.
Project must(const Result<Project>& result);

/// One edit chosen by the numbers, of any kind; the project as it was when the edit is refused.
Project randomEdit(const Project& project, std::mt19937& numbers);

MediaItem sampleItem(MediaKind kind, const char* path);
LayerId sceneLayer(const Project& project);
LayerId occluderLayer(const Project& project);
Stroke sampleStroke(LayerId layer, std::int64_t frame);

} // namespace strata
