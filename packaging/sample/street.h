// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/render/scene.h"

namespace strata::sample {

/// A pavement along x with a lawn, a low wall, trees and houses behind it (towards -z). The
/// walker's line is z = 0. With the planter and the pillar that stand in front of that line.
Scene makeStreet();

/// A quiet courtyard wall for the identity pictures; `variant` 0 or 1. Subject at the origin,
/// camera towards +z.
Scene makeCourtyard(int variant);

} // namespace strata::sample
