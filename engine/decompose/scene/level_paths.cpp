// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/level_paths.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace strata {
namespace {

constexpr std::size_t block = 16;
constexpr std::uint16_t never = 0x3fff;

/// Costs of the ways to one pixel, with one entry of `never` before the first and after the last.
class Ways {
public:
    explicit Ways(std::size_t pitch)
        : m_values(pitch + 2 * block, never) {}
    std::uint16_t* begin() { return m_values.data() + block; }

private:
    std::vector<std::uint16_t> m_values;
};

std::uint16_t least(const std::uint16_t* values, std::size_t count) {
    std::uint16_t best = never;
    for (std::size_t i = 0; i < count; ++i)
        best = std::min(best, values[i]);
    return best;
}

/// One step along a path: the ways to a pixel from those to the pixel before.
void stepOn(const std::uint8_t* costs, const std::uint16_t* before, std::uint16_t* now,
            std::uint16_t* total, std::size_t pitch, std::uint16_t oneStep, std::uint16_t anyStep) {
    const std::uint16_t best = least(before, pitch);
    const auto jump = std::uint16_t(best + anyStep);
    for (std::size_t i = 0; i < pitch; ++i) {
        const auto beside = std::uint16_t(std::min(before[i - 1], before[i + 1]) + oneStep);
        const auto way = std::min(std::min(before[i], beside), jump);
        now[i] = std::uint16_t(costs[i] + way - best);
        total[i] = std::uint16_t(total[i] + now[i]);
    }
}

struct Totals {
    std::vector<std::uint16_t> values;
    std::size_t pitch;
    int width;
    std::uint16_t* at(int x, int y) {
        return values.data() + (std::size_t(y) * std::size_t(width) + std::size_t(x)) * pitch;
    }
};

/// Adds the ways that come along one direction; rows are gone through in the direction's order.
void addPaths(const LevelCosts& costs, Totals& totals, int dx, int dy, int oneStep, int anyStep) {
    const int width = costs.size.width;
    const int height = costs.size.height;
    const bool backwards = dy < 0 || (dy == 0 && dx < 0);
    std::vector<Ways> before(std::size_t(width), Ways(costs.pitch)), now = before;
    Ways nothing(costs.pitch);
    std::fill_n(nothing.begin(), costs.pitch, std::uint16_t(0));
    for (int j = 0; j < height; ++j) {
        const int y = backwards ? height - 1 - j : j;
        for (int i = 0; i < width; ++i) {
            const int x = backwards ? width - 1 - i : i;
            const int px = x - dx;
            const bool inside = px >= 0 && px < width && (dy == 0 || j > 0);
            auto& from = !inside ? nothing : (dy == 0 ? now : before)[std::size_t(px)];
            stepOn(costs.at(x, y), from.begin(), now[std::size_t(x)].begin(), totals.at(x, y),
                   costs.pitch, std::uint16_t(oneStep), std::uint16_t(anyStep));
        }
        std::swap(before, now);
    }
}

/// The cheapest level, refined to the bottom of the parabola through it and its neighbours.
float bottomOf(const std::uint16_t* total, int levels) {
    const auto best = int(std::min_element(total, total + levels) - total);
    if (best == 0 || best == levels - 1)
        return float(best);
    const int low = total[best - 1] - total[best];
    const int high = total[best + 1] - total[best];
    return float(best) + (low + high > 0 ? 0.5f * float(low - high) / float(low + high) : 0.f);
}

} // namespace

LevelCosts::LevelCosts(cv::Size of, int count)
    : size(of)
    , levels(count)
    , pitch((std::size_t(count) + block - 1) / block * block)
    , values(std::size_t(of.area()) * pitch, 255) {}

cv::Mat cheapestLevels(const LevelCosts& costs, int oneStep, int anyStep) {
    constexpr std::array<std::array<int, 2>, 8> directions{
        {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {-1, 1}, {1, -1}}};
    std::array<Totals, 2> totals;
    cv::parallel_for_({0, 2}, [&](const cv::Range& range) {
        for (int half = range.start; half < range.end; ++half) {
            auto& sum = totals[std::size_t(half)];
            sum = {std::vector<std::uint16_t>(costs.values.size(), 0), costs.pitch,
                   costs.size.width};
            for (std::size_t d = std::size_t(half); d < directions.size(); d += 2)
                addPaths(costs, sum, directions[d][0], directions[d][1], oneStep, anyStep);
        }
    });
    cv::Mat result(costs.size, CV_32F);
    for (int y = 0; y < costs.size.height; ++y)
        for (int x = 0; x < costs.size.width; ++x) {
            auto* a = totals[0].at(x, y);
            const auto* b = totals[1].at(x, y);
            for (std::size_t i = 0; i < costs.pitch; ++i)
                a[i] = std::uint16_t(a[i] + b[i]);
            result.at<float>(y, x) = bottomOf(a, costs.levels);
        }
    return result;
}

} // namespace strata
