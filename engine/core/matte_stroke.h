// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace strata {

/// In pixels of the upright source picture; (0, 0) is its top left corner.
struct StrokePoint {
    float x = 0, y = 0;
    constexpr bool operator==(const StrokePoint&) const = default;
};

/// A line with round ends painted into a matte, or out of it. One point makes a dot.
struct MatteStroke {
    std::int64_t frame = 0; // of the source
    bool positive = true;   // false takes away
    double radius = 8;      // source pixels, more than 0
    std::vector<StrokePoint> points;
    bool operator==(const MatteStroke&) const = default;
};

} // namespace strata
