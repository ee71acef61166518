// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/layered_frame.h"

namespace strata {

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
        out.data()[i] = blended(out.data()[i], 0, layers.occluderAlpha.data()[i]);
    return out;
}

} // namespace strata
