// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <array>
#include <optional>

namespace strata {

struct PointD {
    double x = 0, y = 0;
};

/// Projective map between pixel positions of two frames, row major; pixel centres are at whole
/// numbers.
struct Homography {
    std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};

    bool operator==(const Homography&) const = default;
    bool isIdentity() const { return *this == Homography{}; }
    PointD apply(PointD p) const;
    /// First `*this`, then `next`, scaled so that the last element is 1.
    Homography then(const Homography& next) const;
    /// Nothing when the map is not invertible.
    std::optional<Homography> inverse() const;
};

/// Largest distance, in pixels, that the map moves a corner of a frame of this size; infinite when
/// a corner does not stay in front of the camera.
double largestShift(const Homography& map, Size frame);

} // namespace strata
