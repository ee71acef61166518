// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// Whether the medium is there and of a kind that can be used so; nothing always may.
Status mayServe(const Project& project, std::optional<MediaId> medium, MediaUse use);

// Nothing clears the source. NotFound when there is no such person or medium, Usage when the medium
// cannot serve.
Result<Project> setIdentitySource(Project project, PersonId person, std::optional<MediaId> medium);
Result<Project> setMotionSource(Project project, PersonId person, std::optional<MediaId> medium);
Result<Project> setSceneSource(Project project, std::optional<MediaId> medium);

} // namespace strata
