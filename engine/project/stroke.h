// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/matte_stroke.h"
#include "engine/project/ids.h"

#include <memory>
#include <vector>

namespace strata {

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
