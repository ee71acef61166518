// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/formats/array.h"

namespace strata {

/// The named arrays of a body file turned into a checked model: shapes, index ranges, finite
/// numbers. SMPL-H's 52 joints are reduced to 24. `file` is what error messages call the source.
Result<BodyModel> bodyFromArrays(const ArrayMap& arrays, const std::string& file);

/// Gives `model` what only the free body has. The vertex order is the same; the faces may differ,
/// so UV corners are found again per face.
void borrowAppearance(BodyModel& model, const BodyModel& freeBody);

/// Part labels from the strongest joint and the A-pose from two angles, for a file that has
/// neither.
void fillMissingAppearance(BodyModel& model);

} // namespace strata
