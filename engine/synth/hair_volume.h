// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/head_hair.h"

namespace strata {

/// Gives hair at the back of the head, where a picture from the front shows nothing of it, the
/// thickness that its outline has at the crown, and lets hair that hangs lower fall straight down
/// instead of along the neck. `displacement`: [6890], rest pose, metres, as fitOutline() finds it.
void addHairVolume(const ShapedBody& body, const HeadMap& head, const HeadHair& hair,
                   std::span<glm::vec3> displacement);

} // namespace strata
