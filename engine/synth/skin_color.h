// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

namespace strata {

/// The hue of a linear colour can be that of skin, when `skin` is the person's own, from a lit
/// face: in shadow skin is redder. `paler`: how much less red the colour may be, in shares of red.
bool hasSkinHue(const glm::vec3& color, const glm::vec3& skin, float paler);

} // namespace strata
