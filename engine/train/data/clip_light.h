// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/block_picture.h"
#include "engine/train/data/random_stream.h"
#include "engine/train/render/scene.h"

namespace strata {

/// Soft light without a colour, in which a character's A-pose picture is taken.
Lighting evenLight();

/// Sun or lamp and what is around, from clear to overcast, mostly from the camera's side (+z).
Lighting randomLighting(RandomStream& random, bool indoors);

/// The exposure with which a grey card (18 %) before the camera is shown as 18 % of white: people
/// are filmed so that they are seen well, whatever the light.
float meteredExposure(const Lighting& light);

/// Gives the light the colours of a photo, which says them for a person who stands before it: sky
/// of its upper third, surroundings of the middle, ground of the lower. The result is how bright
/// the person is against what meteredExposure() makes of them: darker before a dark picture.
float lightAsIn(const BlockPicture& photo, Lighting& light);

} // namespace strata
