// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/human_layer.h"

namespace strata {

/// Lets the layer's alpha fall off softly where `softness` [h, w, 1] (0 hard .. 1 hair) is high:
/// hair has no sharp edge. What lies inside the outline stays opaque.
void softenOutline(HumanLayer& layer, const ImageF& softness);

/// Gaussian-like blur of the whole layer by `sigma` px, colours weighted by alpha.
void blurLayer(HumanLayer& layer, float sigma);

} // namespace strata
