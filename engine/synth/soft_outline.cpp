// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/soft_outline.h"

#include "engine/synth/matte_tools.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

ImageF alphaOf(const HumanLayer& layer) {
    ImageF alpha(layer.rgba.width(), layer.rgba.height(), 1);
    for (std::size_t i = 0; i < alpha.count(); ++i)
        alpha.data()[i] = layer.rgba.data()[4 * i + 3];
    return alpha;
}

float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.f, 1.f);
    return t * t * (3.f - 2.f * t);
}

} // namespace

void softenOutline(HumanLayer& layer, const ImageF& softness) {
    const bool any = std::any_of(softness.data(), softness.data() + softness.count(),
                                 [](float s) { return s > 0.05f; });
    if (!any)
        return;
    // The blur's width follows the size of the person: about 1 % of its height.
    const int radius = std::clamp(int(std::lround(float(layer.rgba.height()) * 0.0035f)), 1, 8);
    const ImageF blurred = boxBlurred(boxBlurred(alphaOf(layer), radius), radius);
    for (std::size_t i = 0; i < softness.count(); ++i) {
        const float soft = softness.data()[i];
        float& alpha = layer.rgba.data()[4 * i + 3];
        if (soft <= 0.f || alpha <= 0.f)
            continue;
        const float faded = alpha * smooth(0.25f, 0.8f, blurred.data()[i]);
        alpha += soft * (std::min(alpha, faded) - alpha);
    }
}

void blurLayer(HumanLayer& layer, float sigma) {
    // Three running means come close to a Gaussian of this width.
    const int radius =
        std::max(1, int(std::lround((std::sqrt(4.f * sigma * sigma + 1.f) - 1.f) / 2.f)));
    ImageF premultiplied = layer.rgba;
    for (std::size_t i = 0; i < premultiplied.count(); i += 4)
        for (std::size_t c = 0; c < 3; ++c)
            premultiplied.data()[i + c] *= premultiplied.data()[i + 3];
    for (int pass = 0; pass < 3; ++pass)
        premultiplied = boxBlurred(premultiplied, radius);
    // A radius of one px is more than a small sigma asks for: mix.
    const float full = std::sqrt(3.f * float((2 * radius + 1) * (2 * radius + 1) - 1) / 12.f);
    const float share = std::clamp(sigma / full, 0.f, 1.f);
    for (std::size_t i = 0; i < premultiplied.count(); i += 4) {
        float* out = layer.rgba.data() + i;
        const float* soft = premultiplied.data() + i;
        const float alpha = out[3] + share * (soft[3] - out[3]);
        for (std::size_t c = 0; c < 3; ++c) {
            const float color = out[c] * out[3] + share * (soft[c] - out[c] * out[3]);
            out[c] = alpha > 1e-5f ? color / alpha : 0.f;
        }
        out[3] = alpha > 1e-5f ? alpha : 0.f;
    }
}

} // namespace strata
