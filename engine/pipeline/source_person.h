// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/synth/compositor.h"
#include "engine/synth/human_layer.h"

namespace strata {

/// The clip's own person as a layer, for another scene behind it. The matte's soft edge shows a
/// mixture of person and old scene; knowing the scene (`plate`), the person's own colour is solved
/// for: F = (C - (1 - a) B) / a, in linear light.
HumanLayer sourcePerson(const ImageU8& rgb, const ImageU8& plate, const ImageU8& alpha,
                        Transfer transfer);

} // namespace strata
