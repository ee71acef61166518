// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/level_support.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr float tolerance = 1.5f; // levels: the same surface …
constexpr float unclear = 3;      // … and another one
// Costs, in quarters of a grey level:
constexpr float unsupported = 60;      // no frame sees a surface there
constexpr float seenThrough = 30;      // all frames look through
constexpr float covered = 60;          // behind a sure surface
constexpr float enough = 2;            // frames that see a surface, to be sure of it
constexpr std::size_t apartLevels = 3; // what is as near as this is the same surface

struct Votes {
    float surface = 0; // frames that see a surface there
    float through = 0; // frames that see something further away in its place
};

void vote(const DepthView& view, const std::vector<float>& levels, int x, int y,
          std::vector<Votes>& votes) {
    const auto base = view.base.at<cv::Vec2f>(y, x);
    const auto step = view.step.at<cv::Vec2f>(y, x);
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const int u = int(std::lround(base[0] + levels[l] * step[0])) - view.region.x;
        const int v = int(std::lround(base[1] + levels[l] * step[1])) - view.region.y;
        if (u < 0 || v < 0 || u >= view.level.cols || v >= view.level.rows)
            continue;
        const float ahead = view.level.at<float>(v, u) -
                            view.expected[l].at<float>(y / DepthView::cell, x / DepthView::cell);
        if (std::isnan(ahead))
            continue;
        if (std::abs(ahead) <= tolerance)
            votes[l].surface += 1;
        else if (ahead < -unclear)
            votes[l].through += 1;
    }
}

/// Levels rise with nearness.
void addVotes(const std::vector<Votes>& votes, std::vector<float>& sure, std::uint8_t* costs) {
    float front = 0;
    for (std::size_t l = votes.size(); l-- > 0;) {
        const auto& [surface, through] = votes[l];
        const float known = surface + through;
        sure[l] = known > 0 ? surface / known * std::min(1.f, surface / enough) : 0;
        if (l + apartLevels < votes.size())
            front = std::max(front, sure[l + apartLevels]);
        const float more = unsupported * (1 - sure[l]) +
                           (known > 0 ? seenThrough * through / known : 0) +
                           covered * std::max(0.f, 2 * front - 1);
        costs[l] = cv::saturate_cast<std::uint8_t>(float(costs[l]) + more);
    }
}

} // namespace

void addSupport(LevelCosts& costs, const std::vector<float>& levels,
                const std::vector<DepthView>& views, const cv::Mat& wanted) {
    if (views.empty())
        return;
    cv::parallel_for_({0, wanted.rows}, [&](const cv::Range& range) {
        std::vector<Votes> votes(levels.size());
        std::vector<float> sure(levels.size());
        for (int y = range.start; y < range.end; ++y)
            for (int x = 0; x < wanted.cols; ++x) {
                if (!wanted.at<std::uint8_t>(y, x))
                    continue;
                std::fill(votes.begin(), votes.end(), Votes{});
                for (const auto& view : views)
                    vote(view, levels, x, y, votes);
                addVotes(votes, sure, costs.at(x, y));
            }
    });
}

} // namespace strata
