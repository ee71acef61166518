// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/core/frame_source.h"

#include <memory>

namespace strata {

/// Everything that has to go with the person: the matte, and what of the fitted body lies beside
/// it. A matte that misses the rim of a dark leg would otherwise leave a sliver of it in the plate.
/// The body alone is not trusted: only what is near the matte and not covered by the occluder is
/// added.
std::unique_ptr<MaskSource> leavingPerson(std::unique_ptr<MaskSource> matte,
                                          std::unique_ptr<MaskSource> occluder,
                                          const BodyModel& body, const Motion& motion);

} // namespace strata
