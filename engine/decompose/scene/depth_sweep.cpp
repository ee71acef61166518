// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/depth_sweep.h"

#include "engine/decompose/scene/level_paths.h"
#include "engine/decompose/scene/level_support.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace strata {
namespace {

constexpr std::size_t mostFrames = 16;
constexpr int mostApart = 70;    // grey levels, summed over the channels: more is not worse
constexpr int unknownCost = 120; // quarters of a grey level, where too few frames can disagree …
constexpr int unseenCost = 250;  // … and where no frame shows the place: else things in front,
                                 // hidden in every frame, would be the best explanation of all
constexpr int oneStep = 4;       // the same, of neighbours whose levels differ by one …
constexpr int anyStep = 20;      // … or by more
constexpr int judges = 3; // frames that the others are compared with where the target says nothing
constexpr int agreeing = 42;       // the same, from the median: such samples are averaged
constexpr int window = 3;          // pixels whose costs are joined
constexpr float errorShare = 0.2f; // of all levels: how wrong a depth may well be …
constexpr float softShift = 2;     // … and pixels by which that may shift a frame

int apart(const std::uint8_t* a, const std::uint8_t* b) {
    return std::min(mostApart,
                    std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]));
}

/// The frames' pixels where the region lies under one assumption, or pixel by pixel.
struct Samples {
    std::vector<cv::Mat> rgb, valid;
};

Samples samplesAt(const SweepTask& task, const cv::Mat& nearness, float level, int interpolation) {
    Samples result;
    cv::Mat positions(task.own.size(), CV_32FC2);
    for (const auto& frame : task.frames) {
        for (int y = 0; y < positions.rows; ++y) {
            const auto* base = frame.base.ptr<float>(y);
            const auto* step = frame.step.ptr<float>(y);
            auto* out = positions.ptr<float>(y);
            if (nearness.empty())
                for (int i = 0; i < 2 * positions.cols; ++i)
                    out[i] = base[i] + level * step[i];
            else
                for (int x = 0; x < positions.cols; ++x)
                    for (int c = 0; c < 2; ++c)
                        out[2 * x + c] =
                            base[2 * x + c] + nearness.at<float>(y, x) * step[2 * x + c];
        }
        cv::Mat rgb, valid;
        cv::remap(frame.rgb, rgb, positions, {}, interpolation, cv::BORDER_REPLICATE);
        cv::remap(frame.valid, valid, positions, {}, cv::INTER_LINEAR, cv::BORDER_CONSTANT, {});
        result.rgb.push_back(rgb);
        result.valid.push_back(valid);
    }
    return result;
}

/// How much it tells that two views agree: those taken from the same place always do.
class Tellings {
public:
    static constexpr int full = 16;

    explicit Tellings(const SweepTask& task) {
        const auto count = std::min(mostFrames, task.frames.size());
        std::vector<cv::Vec2d> at; // where the frames were taken, in pixels per nearness
        std::vector<double> away;
        for (std::size_t k = 0; k < count; ++k) {
            const auto mean = cv::mean(task.frames[k].step);
            at.emplace_back(mean[0], mean[1]);
            away.push_back(cv::norm(at.back()));
        }
        std::sort(away.begin(), away.end());
        const double typical = std::max(1e-6, away[count / 2]);
        const auto worth = [&](double apart) { return int(full * std::min(1.0, apart / typical)); };
        for (std::size_t k = 0; k < count; ++k) {
            m_own[k] = std::max(1, worth(cv::norm(at[k])));
            for (std::size_t j = 0; j < count; ++j)
                m_pair[j][k] = worth(cv::norm(at[k] - at[j]));
        }
    }
    int withOwn(std::size_t k) const { return m_own[k]; }
    int between(std::size_t j, std::size_t k) const { return m_pair[j][k]; }

private:
    std::array<int, mostFrames> m_own{};
    std::array<std::array<int, mostFrames>, mostFrames> m_pair{};
};

/// The frames that show a pixel.
struct Seen {
    std::array<const std::uint8_t*, mostFrames> color;
    std::array<std::size_t, mostFrames> frame;
    int count = 0;
};

/// How far the frames that show a pixel are apart, in quarters of a grey level.
int disagreement(const Seen& seen, const std::uint8_t* own, const Tellings& tellings) {
    if (own) {
        int sum = 0;
        int norm = 0;
        for (std::size_t k = 0; k < std::size_t(seen.count); ++k) {
            const int w = tellings.withOwn(seen.frame[k]);
            sum += w * apart(seen.color[k], own);
            norm += w;
        }
        return norm > 0 ? 4 * sum / norm : unknownCost;
    }
    if (seen.count == 0)
        return unseenCost;
    int best = -1;
    for (std::size_t j = 0; j < std::size_t(std::min(judges, seen.count)); ++j) {
        int sum = 0;
        int norm = 0;
        for (std::size_t k = 0; k < std::size_t(seen.count); ++k) {
            const int w = tellings.between(seen.frame[j], seen.frame[k]);
            sum += w * apart(seen.color[k], seen.color[j]);
            norm += w;
        }
        if (norm < Tellings::full / 2)
            continue;
        const int mean = 4 * sum / norm;
        best = best < 0 ? mean : std::min(best, mean);
    }
    return best < 0 ? unknownCost : best;
}

cv::Mat costOf(const SweepTask& task, std::size_t level, const cv::Mat& near,
               const Tellings& tellings) {
    const auto samples = samplesAt(task, {}, task.levels[level], cv::INTER_LINEAR);
    cv::Mat cost = cv::Mat::zeros(task.own.size(), CV_8U);
    const auto frames = std::min(mostFrames, task.frames.size());
    for (int y = 0; y < cost.rows; ++y)
        for (int x = 0; x < cost.cols; ++x) {
            if (!near.at<std::uint8_t>(y, x))
                continue;
            Seen seen;
            for (std::size_t k = 0; k < frames; ++k)
                if (samples.valid[k].at<std::uint8_t>(y, x) > 250) {
                    seen.color[std::size_t(seen.count)] = samples.rgb[k].ptr(y, x);
                    seen.frame[std::size_t(seen.count++)] = k;
                }
            const bool shown = task.ownValid.at<std::uint8_t>(y, x) != 0;
            cost.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(
                disagreement(seen, shown ? task.own.ptr(y, x) : nullptr, tellings));
        }
    cv::boxFilter(cost, cost, -1, {window, window}, {-1, -1}, true, cv::BORDER_REPLICATE);
    if (!task.prior.empty()) {
        cv::Mat prior;
        cv::resize(task.prior[level], prior, cost.size(), 0, 0, cv::INTER_LINEAR);
        cost += prior;
    }
    return cost;
}

cv::Mat nearnessOf(const SweepTask& task) {
    cv::Mat near;
    cv::dilate(task.wanted, near, cv::Mat::ones(31, 31, CV_8U));
    LevelCosts costs(task.own.size(), int(task.levels.size()));
    const Tellings tellings(task);
    cv::parallel_for_({0, costs.levels}, [&](const cv::Range& range) {
        for (int level = range.start; level < range.end; ++level) {
            const auto cost = costOf(task, std::size_t(level), near, tellings);
            for (int y = 0; y < cost.rows; ++y)
                for (int x = 0; x < cost.cols; ++x)
                    costs.at(x, y)[level] = cost.at<std::uint8_t>(y, x);
        }
    });
    addSupport(costs, task.levels, task.depths, task.wanted);
    cv::Mat result = cheapestLevels(costs, oneStep, anyStep);
    const double step = double(task.levels.back() - task.levels.front()) /
                        std::max(1.0, double(task.levels.size() - 1));
    return result * step + double(task.levels.front());
}

/// How much each frame's colours count: a wrong depth shifts a frame taken from close by the target
/// only little, one taken from far off a lot.
std::vector<float> colorWeights(const SweepTask& task) {
    const float likelyError = (task.levels.back() - task.levels.front()) * errorShare;
    std::vector<float> result;
    for (const auto& frame : task.frames) {
        const auto step = cv::mean(frame.step);
        const float shift = likelyError * float(std::hypot(step[0], step[1])) / softShift;
        result.push_back(1 / (1 + shift * shift));
    }
    return result;
}

/// Colours of one pixel in the frames that show it.
struct PixelSamples {
    std::array<const std::uint8_t*, mostFrames> colors;
    std::array<float, mostFrames> weights;
    int count = 0;

    void add(const std::uint8_t* color, float weight) {
        colors[std::size_t(count)] = color;
        weights[std::size_t(count++)] = weight;
    }

    float weight() const { return std::accumulate(weights.begin(), weights.begin() + count, 0.f); }

    /// By weight, in each channel.
    cv::Vec3b median() const {
        cv::Vec3b result;
        std::array<std::pair<std::uint8_t, float>, mostFrames> values;
        const float half = weight() / 2;
        const float slack = half * 1e-4f; // the middle of two is theirs alike
        for (int c = 0; c < 3; ++c) {
            for (std::size_t i = 0; i < std::size_t(count); ++i)
                values[i] = {colors[i][c], weights[i]};
            std::sort(values.begin(), values.begin() + count);
            std::size_t low = 0;
            float sum = values[0].second;
            while (sum < half - slack)
                sum += values[++low].second;
            const bool between = sum < half + slack && low + 1 < std::size_t(count);
            const std::size_t high = between ? low + 1 : low;
            result[c] = std::uint8_t((values[low].first + values[high].first + 1) / 2);
        }
        return result;
    }

    /// Mean of those that look like the median: less grain than the median itself.
    cv::Vec3b settled() const {
        const cv::Vec3b middle = median();
        float norm = weight() / float(2 * count);
        cv::Vec3f sum = cv::Vec3f(middle) * norm;
        for (std::size_t i = 0; i < std::size_t(count); ++i) {
            if (apart(colors[i], middle.val) > agreeing)
                continue;
            sum += cv::Vec3f(colors[i][0], colors[i][1], colors[i][2]) * weights[i];
            norm += weights[i];
        }
        const auto rounded = [&](int c) { return cv::saturate_cast<std::uint8_t>(sum[c] / norm); };
        return {rounded(0), rounded(1), rounded(2)};
    }
};

} // namespace

SweptView sweep(const SweepTask& task) {
    SweptView result{task.own.clone(), cv::Mat::zeros(task.own.size(), CV_8U)};
    const auto samples = samplesAt(task, nearnessOf(task), 0, cv::INTER_CUBIC);
    const auto weights = colorWeights(task);
    const auto frames = std::min(mostFrames, task.frames.size());
    for (int y = 0; y < task.own.rows; ++y)
        for (int x = 0; x < task.own.cols; ++x) {
            if (!task.wanted.at<std::uint8_t>(y, x))
                continue;
            PixelSamples pixel;
            for (std::size_t k = 0; k < frames; ++k)
                if (samples.valid[k].at<std::uint8_t>(y, x) > 250)
                    pixel.add(samples.rgb[k].ptr(y, x), weights[k]);
            if (pixel.count == 0)
                continue;
            result.rgb.at<cv::Vec3b>(y, x) = pixel.settled();
            result.count.at<std::uint8_t>(y, x) = std::uint8_t(pixel.count);
        }
    return result;
}

} // namespace strata
