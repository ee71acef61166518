// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace strata {

struct Line {
    double scale = 1;
    double shift = 0;
};

struct LineSample {
    float x = 0, y = 0, weight = 1;
};

/// y = scale * x + shift through samples with many outliers: iterated least squares with Tukey
/// weights, started from `start` and tied to it a little, as if `tie` of the samples lay on it.
/// Falls back to `start` when the samples do not determine a rising line.
Line fitLine(const std::vector<LineSample>& samples, const Line& start, double tie);

} // namespace strata
