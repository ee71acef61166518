// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

/// A picture and the layers that it is put together from, all of one size, sRGB levels. Alphas are
/// not multiplied into the colours and say nothing about each other: `humanAlpha` is the whole
/// person, also where the occluder hides the person.
struct LayeredFrame {
    ImageU8 color;         // composite(lit, human, occluder), exactly
    ImageU8 scene;         // what is behind, without the person and the person's shadow
    ImageU8 lit;           // the same with the person's shadow
    ImageU8 human;         // RGB, black where the alpha is 0
    ImageU8 humanAlpha;    // [H, W, 1]
    ImageU8 occluder;      // RGB of nearer things, black where the alpha is 0
    ImageU8 occluderAlpha; // [H, W, 1]; only where it is nearer than the person
    ImageF depth;          // [H, W, 1] camera z of the nearest sample, metres; +inf in the sky
};

/// One colour over another as a camera sees it, which adds up light and not levels; the rounding
/// that all layers share. With an alpha of 0 or 255 the one or the other exactly.
std::uint8_t blended(std::uint8_t below, std::uint8_t above, std::uint8_t alpha);

/// `layer` [H, W, 3] over `below` [H, W, 3] with straight `alpha` [H, W, 1].
ImageU8 layerOver(const ImageU8& below, const ImageU8& layer, const ImageU8& alpha);

/// The person over the lit scene, the occluder over both: what `color` holds.
ImageU8 composite(const LayeredFrame& layers);

/// The part of each pixel that shows the person: humanAlpha less what the occluder hides.
ImageU8 visibleHuman(const LayeredFrame& layers);

} // namespace strata
