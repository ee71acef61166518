// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/source_stereo.h"

#include "engine/decompose/scene/level_paths.h"

#include <opencv2/imgproc.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace strata {
namespace {

constexpr int oneStep = 4; // quarters of a grey level, of neighbours whose levels differ by one …
constexpr int anyStep = 16;     // … or by more
constexpr int mostApart = 70;   // grey levels, summed over the channels: more is not worse
constexpr int mostCost = 250;   // no level explains what is further off than this
constexpr int window = 3;       // pixels whose costs are joined: leaves are small
constexpr int unknownCost = 56; // the same, where no frame shows the place
constexpr int grid = 16;        // pixels between places that are worked out exactly
constexpr int bandRows = 192;   // at once, to bound the memory …
constexpr int bandOverlap = 24; // … with so many more on either side

/// A frame at twice its size, with its mask as fourth channel: to be looked up without weighing
/// pixels.
struct Doubled {
    cv::Mat pixels;

    explicit Doubled(const StereoFrame& frame) {
        cv::Mat rgb, valid;
        cv::resize(frame.rgb, rgb, {}, 2, 2, cv::INTER_CUBIC);
        cv::resize(frame.valid, valid, {}, 2, 2, cv::INTER_NEAREST);
        std::vector<cv::Mat> channels;
        cv::split(rgb, channels);
        channels.push_back(valid);
        cv::merge(channels, pixels);
    }
    const std::uint8_t* at(float x, float y) const {
        const int u = int(2 * x + 1); // its centre is at 2 x + 0.5
        const int v = int(2 * y + 1);
        if (unsigned(u) >= unsigned(pixels.cols) || unsigned(v) >= unsigned(pixels.rows))
            return nullptr;
        return pixels.ptr(v) + 4 * u;
    }
};

/// How far apart the frames of one side are, in one row.
struct RowSums {
    std::vector<std::uint16_t> sum, count;
};

class LevelCost {
public:
    LevelCost(const StereoTask& task, const std::vector<Doubled>& others, cv::Rect band,
              float nearness)
        : m_task(task)
        , m_others(others)
        , m_band(band) {
        const cv::Size size((band.width + grid - 1) / grid + 1,
                            (band.height + grid - 1) / grid + 1);
        for (const auto& frame : task.frames) {
            cv::Mat place(size, CV_32FC2);
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x)
                    place.at<cv::Point2f>(y, x) =
                        frame.place({float(band.x + x * grid), float(band.y + y * grid)}, nearness);
            m_places.push_back(place);
        }
        for (auto& side : m_sides)
            side = {std::vector<std::uint16_t>(std::size_t(band.width)),
                    std::vector<std::uint16_t>(std::size_t(band.width))};
    }

    cv::Mat compute() {
        cv::Mat cost(m_band.size(), CV_8U);
        for (int y = 0; y < m_band.height; ++y) {
            for (auto& side : m_sides) {
                std::fill(side.sum.begin(), side.sum.end(), std::uint16_t(0));
                std::fill(side.count.begin(), side.count.end(), std::uint16_t(0));
            }
            for (std::size_t k = 0; k < m_others.size(); ++k)
                addRow(k, y);
            auto* out = cost.ptr(y);
            for (int x = 0; x < m_band.width; ++x)
                out[x] = joined(std::size_t(x));
        }
        cv::boxFilter(cost, cost, -1, {window, window}, {-1, -1}, true, cv::BORDER_REPLICATE);
        return cost;
    }

private:
    void addRow(std::size_t k, int y) {
        auto& side = m_sides[m_task.frames[k].later];
        const auto* own = m_task.rgb.ptr(m_band.y + y) + 3 * m_band.x;
        const float down = float(y % grid) / grid;
        const auto* top = m_places[k].ptr<cv::Point2f>(y / grid);
        const auto* bottom =
            m_places[k].ptr<cv::Point2f>(std::min(y / grid + 1, m_places[k].rows - 1));
        for (int x = 0; x < m_band.width; x += grid) {
            const auto i = x / grid;
            const cv::Point2f a = top[i] + (bottom[i] - top[i]) * down;
            const cv::Point2f b = top[i + 1] + (bottom[i + 1] - top[i + 1]) * down;
            const cv::Point2f step = (b - a) * (1.f / grid);
            const int end = std::min(grid, m_band.width - x);
            for (int j = 0; j < end; ++j) {
                const auto* there =
                    m_others[k].at(a.x + float(j) * step.x, a.y + float(j) * step.y);
                if (!there || !there[3])
                    continue;
                const auto* here = own + 3 * (x + j);
                const int apart = std::abs(here[0] - there[0]) + std::abs(here[1] - there[1]) +
                                  std::abs(here[2] - there[2]);
                side.sum[std::size_t(x + j)] += std::uint16_t(std::min(apart, mostApart));
                ++side.count[std::size_t(x + j)];
            }
        }
    }

    std::uint8_t joined(std::size_t x) const {
        int best = -1;
        for (const auto& side : m_sides)
            if (side.count[x] > 0) {
                const int mean = 4 * side.sum[x] / side.count[x];
                best = best < 0 ? mean : std::min(best, mean);
            }
        return cv::saturate_cast<std::uint8_t>(best < 0 ? unknownCost : best);
    }

    const StereoTask& m_task;
    const std::vector<Doubled>& m_others;
    cv::Rect m_band;
    std::vector<cv::Mat> m_places;
    std::array<RowSums, 2> m_sides;
};

cv::Mat bandLevels(const StereoTask& task, const std::vector<Doubled>& others, cv::Rect band) {
    LevelCosts costs(band.size(), int(task.levels.size()));
    cv::parallel_for_({0, costs.levels}, [&](const cv::Range& range) {
        for (int level = range.start; level < range.end; ++level) {
            const auto cost =
                LevelCost(task, others, band, task.levels[std::size_t(level)]).compute();
            for (int y = 0; y < cost.rows; ++y)
                for (int x = 0; x < cost.cols; ++x)
                    costs.at(x, y)[level] = cost.at<std::uint8_t>(y, x);
        }
    });
    cv::Mat result = cheapestLevels(costs, oneStep, anyStep);
    for (int y = 0; y < result.rows; ++y)
        for (int x = 0; x < result.cols; ++x) {
            auto& level = result.at<float>(y, x);
            if (!task.valid.at<std::uint8_t>(band.y + y, band.x + x) ||
                costs.at(x, y)[int(std::lround(level))] > mostCost)
                level = std::numeric_limits<float>::quiet_NaN();
        }
    return result;
}

} // namespace

cv::Mat stereoLevels(const StereoTask& task) {
    std::vector<Doubled> others;
    for (const auto& frame : task.frames)
        others.emplace_back(frame);
    cv::Mat result(task.region.size(), CV_32F);
    for (int y = 0; y < task.region.height; y += bandRows) {
        const int top = std::max(0, y - bandOverlap);
        const int end = std::min(task.region.height, y + bandRows);
        const int bottom = std::min(task.region.height, end + bandOverlap);
        const cv::Rect band(task.region.x, task.region.y + top, task.region.width, bottom - top);
        bandLevels(task, others, band).rowRange(y - top, end - top).copyTo(result.rowRange(y, end));
    }
    return result;
}

} // namespace strata
