// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/decomposition.h"

namespace strata {

struct WrittenTemplate {
    bool hasOccluder = false;
};

/// Writes a decomposed clip as a MIMO template (mimo-spec 1.2) together with Strata's own layers.
/// The folder appears complete or not at all.
Result<WrittenTemplate> writeTemplate(StageContext& context, const Decomposition& parts,
                                      const std::filesystem::path& folder, const JobContext& job);

} // namespace strata
