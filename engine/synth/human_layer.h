// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

namespace strata {

/// One person drawn for one frame, cut to the part of the frame where there is something to see.
struct HumanLayer {
    Size frame; // the frame it belongs to
    RectI
        region;  // where `rgba` and `depth` lie in the frame; empty when the person is out of sight
    ImageF rgba; // [h, w, 4] of `region`: linear light, BT.709 primaries, straight alpha 0..1
    ImageF depth; // [h, w, 1] of `region`: camera z in metres, +inf where alpha is 0
    RectI shadowRegion;
    ImageF shadow; // [h, w, 1] of `shadowRegion`: the share of light taken from the scene, 0..1
};

/// The layer's colour and alpha spread out to the whole frame, [H, W, 4].
ImageF toFrame(const HumanLayer& layer);
/// The layer's depth spread out to the whole frame, [H, W, 1], +inf outside.
ImageF depthToFrame(const HumanLayer& layer);

} // namespace strata
