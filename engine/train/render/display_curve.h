// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

namespace strata {

/// Linear light 0..1 to sRGB levels 0..255, by a table with straight lines between its 4096 entries
/// (off by less than 0.05 levels).
float srgbLevel(float linear);
glm::vec3 srgbLevel(const glm::vec3& linear);

} // namespace strata
