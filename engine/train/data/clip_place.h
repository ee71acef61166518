// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/clip_recipe.h"
#include "engine/train/render/layered_renderer.h"

namespace strata {

/// The place around a person who keeps within `radius` of the origin, seen from +z: what is built
/// lies behind and beside the person and never before.
Scene builtPlace(const PlacePlan& plan, const Lighting& light, float radius);

/// What is seen where nothing is built: the photo of a Photo place on a cylinder around the camera,
/// so that it turns with the camera and shows no parallax; the sky for the others. `first` is the
/// camera of the clip's first frame.
Backdrop placeBackdrop(const TrainingAssets& assets, const PlacePlan& plan, const Camera& first);

} // namespace strata
