// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/clip_recipe.h"
#include "engine/train/render/dressed_person.h"

namespace strata {

/// The person of a recipe and how far the soles are under the feet.
struct ClipPerson {
    DressedPerson dressed;
    float sole = 0.02f; // metres
};

/// `assets` must outlive it.
ClipPerson clipPerson(const TrainingAssets& assets, const ClipRecipe& recipe);

} // namespace strata
