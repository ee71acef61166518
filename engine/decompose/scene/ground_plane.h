// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/layer_view.h"

#include <optional>

namespace strata {

/// The ground as the depth map shows it: inverse depth of a plane is linear in the picture.
struct GroundPlane {
    double base = 0, perX = 0, perY = 0; // per pixel of the work size

    double at(double x, double y) const { return base + perX * x + perY * y; }
};

/// `range` is the frame's depth range. Nothing when no plane that rises towards the viewer explains
/// enough of the lower part of the picture.
std::optional<GroundPlane> fitGround(const LayerView& view, double range);

} // namespace strata
