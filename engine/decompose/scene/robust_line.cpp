// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/robust_line.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

struct Sums {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    void add(double weight, double px, double py) {
        w += weight;
        x += weight * px;
        y += weight * py;
        xx += weight * px * px;
        xy += weight * px * py;
    }
};

double medianResidual(const std::vector<LineSample>& samples, const Line& line) {
    std::vector<double> residuals;
    residuals.reserve(samples.size());
    for (const auto& s : samples)
        residuals.push_back(std::abs(line.scale * s.x + line.shift - s.y));
    const auto middle = residuals.begin() + std::ptrdiff_t(residuals.size() / 2);
    std::nth_element(residuals.begin(), middle, residuals.end());
    return *middle;
}

} // namespace

Line fitLine(const std::vector<LineSample>& samples, const Line& start, double tie) {
    if (samples.size() < 16)
        return start;
    float low = samples[0].x;
    float high = low;
    for (const auto& s : samples) {
        low = std::min(low, s.x);
        high = std::max(high, s.x);
    }
    Line line = start;
    for (int round = 0; round < 20; ++round) {
        const double reach = 4.685 * 1.4826 * std::max(medianResidual(samples, line), 1e-7);
        Sums sums;
        for (const auto& s : samples) {
            const double r = (line.scale * s.x + line.shift - s.y) / reach;
            if (std::abs(r) < 1)
                sums.add(s.weight * (1 - r * r) * (1 - r * r), s.x, s.y);
        }
        const double pull = 0.5 * tie * std::max(sums.w, 1e-9);
        for (const double x : {double(low), double(high)}) {
            // Where the samples disagree with the start, they are right.
            const double y = start.scale * x + start.shift;
            const double r = (line.scale * x + line.shift - y) / reach;
            if (std::abs(r) < 1)
                sums.add(pull * (1 - r * r) * (1 - r * r), x, y);
        }
        const double determinant = sums.w * sums.xx - sums.x * sums.x;
        if (determinant <= 1e-12 * sums.w * sums.w)
            return start;
        const Line next{(sums.w * sums.xy - sums.x * sums.y) / determinant,
                        (sums.xx * sums.y - sums.x * sums.xy) / determinant};
        if (!(next.scale > 0.1 * start.scale && next.scale < 10 * start.scale))
            return start;
        const bool settled = std::abs(next.scale - line.scale) < 1e-5 * start.scale;
        line = next;
        if (settled && round > 2)
            break;
    }
    return line;
}

} // namespace strata
