// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/edit_layers.h"
#include "engine/pipeline/job_requests.h"

#include <string>
#include <vector>

namespace strata {

/// Puts what the user changed about the layers into them: strokes first, then the trims. Where
/// strokes add to the person who leaves, the plate, which still shows what was found to be scene
/// there, is filled from what is around. `firstFrame`: number of the layers' first frame in the
/// file. Adds to `keys` what decides about it. To be called after all that works out something from
/// the layers as they were found, such as the light.
void repairLayers(const EditRequest& request, std::int64_t firstFrame, EditLayers& layers,
                  std::vector<std::string>& keys);

} // namespace strata
