// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/frame_choice.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::size_t mostReferences = 16;

} // namespace

NearnessGuess::NearnessGuess(const std::vector<cv::Point2f>& points, const ParallaxModel& model) {
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!std::isnan(model.nearness()[i]))
            m_known.push_back({points[i], model.nearness()[i]});
    std::sort(m_known.begin(), m_known.end(),
              [](const auto& a, const auto& b) { return a.nearness < b.nearness; });
}

std::array<float, NearnessGuess::count> NearnessGuess::at(cv::Point2f p) const {
    constexpr float reach = 20;
    std::vector<float> sums;
    float sum = 0;
    for (const auto& known : m_known) {
        const auto d = known.at - p;
        const float away = d.dot(d) + reach * reach;
        sums.push_back(sum += 1 / (away * away));
    }
    std::array<float, count> result;
    for (std::size_t i = 0; i < count; ++i) {
        const float share = sum * (0.1f + 0.4f * float(i));
        const auto found = std::lower_bound(sums.begin(), sums.end(), share) - sums.begin();
        result[i] = m_known[std::min(std::size_t(found), m_known.size() - 1)].nearness;
    }
    return result;
}

std::vector<std::size_t> mostTelling(std::vector<Candidate> candidates, int open) {
    constexpr int enough = 24 * int(NearnessGuess::count); // sightings
    const double least = 0.002 * open * double(NearnessGuess::count);
    std::vector<std::size_t> result;
    if (candidates.empty())
        return result;
    cv::Mat seen = cv::Mat::zeros(candidates[0].shows.size(), CV_8U);
    while (result.size() < mostReferences && !candidates.empty()) {
        std::size_t best = 0;
        double bestGain = 0;
        for (std::size_t k = 0; k < candidates.size(); ++k) {
            double gain = 0;
            for (int y = 0; y < seen.rows; ++y)
                for (int x = 0; x < seen.cols; ++x) {
                    const double lacks =
                        std::max(0, enough - int(seen.at<std::uint8_t>(y, x))) / double(enough);
                    gain += lacks * lacks * candidates[k].shows.at<std::uint8_t>(y, x);
                }
            gain *= candidates[k].worth;
            if (gain > bestGain) {
                bestGain = gain;
                best = k;
            }
        }
        if (bestGain < least)
            break;
        seen += candidates[best].shows;
        result.push_back(candidates[best].other);
        candidates.erase(candidates.begin() + std::ptrdiff_t(best));
    }
    return result;
}

} // namespace strata
