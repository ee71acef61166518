// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

// Nothing clears the source. NotFound when there is no such person or medium, Usage when the medium
// is of a kind that cannot serve (see PersonSources and Project::scene).
Result<Project> setIdentitySource(Project project, PersonId person, std::optional<MediaId> medium);
Result<Project> setMotionSource(Project project, PersonId person, std::optional<MediaId> medium);
Result<Project> setSceneSource(Project project, std::optional<MediaId> medium);

} // namespace strata
