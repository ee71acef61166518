// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>

#include <cstdint>

namespace strata {

/// Linear light 0..1 to sRGB levels 0..255, by a table with straight lines between its 4096 entries
/// (off by less than 0.05 levels).
float srgbLevel(float linear);
glm::vec3 srgbLevel(const glm::vec3& linear);

/// The other way round, from levels 0..255, whole ones by a table.
float srgbLight(float level);
float srgbLight(std::uint8_t level);

} // namespace strata
