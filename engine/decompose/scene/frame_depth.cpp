// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/frame_depth.h"

#include "engine/decompose/scene/source_stereo.h"

#include <cmath>

namespace strata {
namespace {

constexpr std::size_t comparedWith = 8; // the frames nearest in time: little is hidden in them
constexpr std::size_t converters = 8;   // frames by which nearness is converted …
constexpr std::int64_t leastApart = 8;  // … so far in time from the one that it is for
constexpr std::size_t knots = 5;        // nearness is converted exactly at so many levels

cv::Point2f placeIn(const Homography& map, const ParallaxModel& model, std::size_t k, cv::Point2f p,
                    float nearness) {
    const auto q = map.apply({p.x, p.y});
    return cv::Point2f(float(q.x), float(q.y)) + model.residual(k, p, nearness);
}

/// One frame that both models are about.
struct Shared {
    std::size_t inTarget, inOther;
};

std::vector<Shared> sharedFrames(const FrameDepth& depth, const ParallaxModel& model,
                                 const std::vector<ReferenceFrame>& references) {
    std::vector<Shared> result;
    for (std::size_t j = 0; j < depth.frames.size(); ++j)
        for (std::size_t k = 0; k < references.size(); ++k)
            if (references[k].index == depth.frames[j].index && model.knows(k) &&
                depth.model.knows(j) && result.size() < converters &&
                std::abs(references[k].index - depth.index) >= leastApart)
                result.push_back({k, j});
    return result;
}

} // namespace

FrameDepth findDepth(const ReferenceFrame& own, cv::Rect region, std::vector<float> levels,
                     const PointTracks& tracks, ParallaxModel model,
                     const std::vector<ReferenceFrame>& references) {
    FrameDepth result{own.index, region, {}, std::move(levels), std::move(model), {}};
    StereoTask task{own.frame.view.rgb, own.frame.view.valid, region, {}, result.levels};
    for (std::size_t k = 0; k < references.size(); ++k) {
        const auto& reference = references[k];
        result.frames.push_back({reference.index, reference.map});
        if (!result.model.knows(k) || task.frames.size() >= comparedWith)
            continue;
        StereoFrame frame;
        frame.valid = reference.frame.view.valid;
        frame.later = reference.index > own.index;
        const auto light =
            lightChange(own.frame.view.rgb, reference.frame.view.rgb, tracks, k, reference.map);
        cv::add(reference.frame.view.rgb, light, frame.rgb);
        frame.place = [&model = result.model, k, &reference](cv::Point2f p, float nearness) {
            return placeIn(reference.map, model, k, p, nearness);
        };
        task.frames.push_back(std::move(frame));
    }
    if (!task.frames.empty())
        result.level = stereoLevels(task);
    return result;
}

DepthView depthView(const FrameDepth& depth, std::size_t other, cv::Rect region,
                    const std::vector<float>& levels, const ParallaxModel& model,
                    const std::vector<ReferenceFrame>& references, cv::Mat base, cv::Mat step) {
    DepthView view{depth.level, depth.region, {}, base, step};
    const auto shared = sharedFrames(depth, model, references);
    const float first = depth.levels.front();
    const float unit = (depth.levels.back() - first) / float(depth.levels.size() - 1);
    const auto expectedAt = [&](cv::Point2f p, float nearness) {
        const auto q = placeIn(references[other].map, model, other, p, nearness);
        float top = 0;
        float bottom = 1e-9f;
        for (const auto& [k, j] : shared) {
            const auto& map = depth.frames[j].map;
            const auto from = placeIn(map, depth.model, j, q, 0);
            const auto along = placeIn(map, depth.model, j, q, 1) - from;
            top += along.dot(placeIn(references[k].map, model, k, p, nearness) - from);
            bottom += along.dot(along);
        }
        return (top / bottom - first) / unit;
    };
    constexpr int cell = DepthView::cell;
    std::vector<cv::Mat> exact;
    for (std::size_t i = 0; i < knots; ++i) {
        const float nearness =
            levels.front() + (levels.back() - levels.front()) * float(i) / float(knots - 1);
        cv::Mat expected((region.height + cell - 1) / cell, (region.width + cell - 1) / cell,
                         CV_32F);
        for (int y = 0; y < expected.rows; ++y)
            for (int x = 0; x < expected.cols; ++x)
                expected.at<float>(y, x) = expectedAt(
                    {float(region.x + x * cell + cell / 2), float(region.y + y * cell + cell / 2)},
                    nearness);
        exact.push_back(expected);
    }
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const float at = float(l) * float(knots - 1) / float(levels.size() - 1);
        const auto i = std::min(std::size_t(at), knots - 2);
        view.expected.push_back(exact[i] + (exact[i + 1] - exact[i]) * double(at - float(i)));
    }
    return view;
}

} // namespace strata
