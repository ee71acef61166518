// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace strata {

/// Costs of choosing one of several levels at each pixel of a region.
struct LevelCosts {
    LevelCosts(cv::Size size, int levels);

    std::uint8_t* at(int x, int y) {
        return values.data() + (std::size_t(y) * std::size_t(size.width) + std::size_t(x)) * pitch;
    }
    const std::uint8_t* at(int x, int y) const {
        return values.data() + (std::size_t(y) * std::size_t(size.width) + std::size_t(x)) * pitch;
    }

    cv::Size size;
    int levels;
    std::size_t pitch; // levels, rounded up
    std::vector<std::uint8_t> values;
};

/// The level of each pixel, float with parts of levels: cheap itself, and mostly like its
/// neighbours'. Going up or down by one level costs `oneStep`, by more `anyStep`.
cv::Mat cheapestLevels(const LevelCosts& costs, int oneStep, int anyStep);

} // namespace strata
