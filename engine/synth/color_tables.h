// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/tone_curve.h"

#include <array>
#include <cstdint>

#include <glm/glm.hpp>

namespace strata {

/// 8-bit sRGB to linear light.
const std::array<float, 256>& srgbToLinearTable();
/// Linear light 0..1 to 8-bit sRGB, rounded; values outside are clamped.
std::uint8_t linearToSrgb8(float linear);

inline glm::vec3 linearOf(const std::uint8_t* rgb) {
    const auto& table = srgbToLinearTable();
    return {table[rgb[0]], table[rgb[1]], table[rgb[2]]};
}

inline glm::vec3 filmic(const glm::vec3& radiance) {
    return {filmic(radiance.r), filmic(radiance.g), filmic(radiance.b)};
}
inline glm::vec3 unfilmic(const glm::vec3& shown) {
    return {unfilmic(shown.r), unfilmic(shown.g), unfilmic(shown.b)};
}

/// A linear colour as it is shown when its surface gets `shading` times the light, which acts on
/// what a camera receives, not on what it shows.
inline glm::vec3 shaded(const glm::vec3& shown, const glm::vec3& shading) {
    return filmic(unfilmic(shown) * shading);
}

inline float luminance(const glm::vec3& linear) {
    return 0.2126f * linear.r + 0.7152f * linear.g + 0.0722f * linear.b;
}

} // namespace strata
