// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/homography.h"

#include "engine/decompose/scene/cv_view.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

Homography scaled(Homography h) {
    const double last = h.m[8];
    if (std::abs(last) > 1e-12)
        for (double& value : h.m)
            value /= last;
    return h;
}

Homography product(const Homography& a, const Homography& b) {
    Homography result;
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            result.m[row * 3 + column] = a.m[row * 3] * b.m[column] +
                                         a.m[row * 3 + 1] * b.m[3 + column] +
                                         a.m[row * 3 + 2] * b.m[6 + column];
    return result;
}

} // namespace

PointD Homography::apply(PointD p) const {
    const double w = m[6] * p.x + m[7] * p.y + m[8];
    return {(m[0] * p.x + m[1] * p.y + m[2]) / w, (m[3] * p.x + m[4] * p.y + m[5]) / w};
}

Homography Homography::then(const Homography& next) const {
    if (next.isIdentity())
        return *this;
    if (isIdentity())
        return next;
    return scaled(product(next, *this));
}

std::optional<Homography> Homography::inverse() const {
    if (isIdentity())
        return *this;
    const double c0 = m[4] * m[8] - m[5] * m[7];
    const double c1 = m[5] * m[6] - m[3] * m[8];
    const double c2 = m[3] * m[7] - m[4] * m[6];
    const double determinant = m[0] * c0 + m[1] * c1 + m[2] * c2;
    if (!std::isfinite(determinant) || std::abs(determinant) < 1e-12)
        return std::nullopt;
    Homography result;
    result.m = {c0, m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                c1, m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                c2, m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
    for (double& value : result.m)
        value /= determinant;
    return scaled(result);
}

double largestShift(const Homography& map, Size frame) {
    double largest = 0;
    for (const double x : {0.0, frame.width - 1.0})
        for (const double y : {0.0, frame.height - 1.0}) {
            if (map.m[6] * x + map.m[7] * y + map.m[8] <= 1e-6)
                return std::numeric_limits<double>::infinity();
            const auto p = map.apply({x, y});
            largest = std::max(largest, std::hypot(p.x - x, p.y - y));
        }
    return std::isfinite(largest) ? largest : std::numeric_limits<double>::infinity();
}

Size reducedSize(Size frame, int longSide) {
    const double scale = std::min(1.0, double(longSide) / std::max({frame.width, frame.height, 1}));
    return {std::max(1, int(std::lround(frame.width * scale))),
            std::max(1, int(std::lround(frame.height * scale)))};
}

Homography rescaled(const Homography& map, Size from, Size to) {
    if (map.isIdentity() || from == to)
        return map;
    // Pixel centres are at whole numbers: small = (large + 0.5) * s - 0.5.
    const auto resize = [](Size a, Size b) {
        const double sx = double(b.width) / a.width;
        const double sy = double(b.height) / a.height;
        return Homography{{sx, 0, 0.5 * sx - 0.5, 0, sy, 0.5 * sy - 0.5, 0, 0, 1}};
    };
    return resize(to, from).then(map).then(resize(from, to));
}

} // namespace strata
