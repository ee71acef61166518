// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/display_curve.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

constexpr int kSteps = 4096;

/// Indexed by the square root of the light, which is nearly straight on the curve.
const std::array<float, kSteps + 2>& table() {
    static const auto values = [] {
        std::array<float, kSteps + 2> out{};
        for (int i = 0; i < kSteps + 2; ++i) {
            const double root = double(i) / kSteps;
            const double v = root * root;
            out[std::size_t(i)] =
                float(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055));
        }
        return out;
    }();
    return values;
}

} // namespace

float srgbLight(float level) {
    const float v = level / 255.f;
    return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}

float srgbLight(std::uint8_t level) {
    static const auto values = [] {
        std::array<float, 256> out{};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = srgbLight(float(i));
        return out;
    }();
    return values[level];
}

float srgbLevel(float linear) {
    const auto& values = table();
    const float at = std::sqrt(std::clamp(linear, 0.f, 1.f)) * float(kSteps);
    const int i = int(at);
    return values[std::size_t(i)] +
           (at - float(i)) * (values[std::size_t(i) + 1] - values[std::size_t(i)]);
}

glm::vec3 srgbLevel(const glm::vec3& linear) {
    return {srgbLevel(linear.x), srgbLevel(linear.y), srgbLevel(linear.z)};
}

} // namespace strata
