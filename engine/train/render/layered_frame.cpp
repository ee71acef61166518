// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/layered_frame.h"

#include "engine/train/render/display_curve.h"

namespace strata {

std::uint8_t blended(std::uint8_t below, std::uint8_t above, std::uint8_t alpha) {
    if (alpha == 0 || alpha == 255)
        return alpha ? above : below;
    const float share = float(alpha) / 255.f;
    return std::uint8_t(srgbLevel((1.f - share) * srgbLight(below) + share * srgbLight(above)) +
                        0.5f);
}

ImageU8 layerOver(const ImageU8& below, const ImageU8& layer, const ImageU8& alpha) {
    ImageU8 out = below;
    for (std::size_t i = 0; i < alpha.count(); ++i)
        if (const std::uint8_t a = alpha.data()[i])
            for (std::size_t c = 3 * i; c < 3 * i + 3; ++c)
                out.data()[c] = blended(below.data()[c], layer.data()[c], a);
    return out;
}

ImageU8 composite(const LayeredFrame& layers) {
    return layerOver(layerOver(layers.lit, layers.human, layers.humanAlpha), layers.occluder,
                     layers.occluderAlpha);
}

ImageU8 visibleHuman(const LayeredFrame& layers) {
    ImageU8 out = layers.humanAlpha;
    for (std::size_t i = 0; i < out.count(); ++i)
        out.data()[i] =
            std::uint8_t((int(out.data()[i]) * (255 - layers.occluderAlpha.data()[i]) + 127) / 255);
    return out;
}

} // namespace strata
