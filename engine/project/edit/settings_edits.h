// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

// Numbers are clamped to the ranges that the structs state; Usage when one is no number, or when
// the encoder preset is not known.
Result<Project> setSynthSettings(Project project, SynthSettings settings);
Result<Project> setDeliverySettings(Project project, DeliverySettings settings);

} // namespace strata
