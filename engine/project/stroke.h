// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/project/ids.h"

#include <memory>
#include <vector>

namespace strata {

/// In pixels of the upright source picture; (0, 0) is its top left corner.
struct StrokePoint {
    float x = 0, y = 0;
    constexpr bool operator==(const StrokePoint&) const = default;
};

/// A line painted into, or out of, a layer's matte. A click is a stroke of one point. The points
/// are shared between copies, which makes a snapshot of a project cheap.
struct Stroke {
    StrokeId id{};
    LayerId layer{};
    std::int64_t frame = 0;
    bool positive = true;                                   // false takes away from the layer
    double radius = 8;                                      // source pixels, more than 0
    std::shared_ptr<const std::vector<StrokePoint>> points; // never null in a project, never empty

    /// Compares the points themselves.
    bool operator==(const Stroke& other) const;
};

} // namespace strata
