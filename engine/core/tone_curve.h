// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

namespace strata {

/// Film-like curve from a scene's radiance (0 and more) to display light, 0..1 linear: the rational
/// fit of K. Narkowicz, 2015, to the ACES curve. Cameras show scenes by curves of this kind: dark
/// tones fall off faster than light does, bright ones give way.
inline float filmic(float radiance) {
    const float x = std::max(0.f, radiance) * 0.6f;
    return std::clamp(x * (2.51f * x + 0.03f) / (x * (2.43f * x + 0.59f) + 0.14f), 0.f, 1.f);
}

/// The radiance that is shown as bright as this (0..1). What is shown brighter than 0.9 counts as
/// that: the curve is so flat there that levels hardly tell radiances apart.
inline float unfilmic(float shown) {
    const float y = std::clamp(shown, 0.f, 0.9f);
    // a x^2 + b x - c = 0
    const float a = 2.51f - 2.43f * y, b = 0.03f - 0.59f * y, c = 0.14f * y;
    return (-b + std::sqrt(b * b + 4.f * a * c)) / (2.f * a * 0.6f);
}

} // namespace strata
