// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/background_fetch.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/frame_choice.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int spacing = 4;             // other frames are every so many frames of the clip …
constexpr int nearFrames = 24;         // … up to so far away, then every other one of them
constexpr int depthSpacing = 8;        // depth is looked for in every other one of them
constexpr std::size_t depthsKept = 16; // all of those round a frame
constexpr int maskReduction = 4;
constexpr double bytesKept = 256e6;
constexpr float levelStep = 0.6f; // pixels between levels of nearness, in the typical frame
constexpr std::size_t mostLevels = 96;
constexpr double lackCost = 20;   // quarters of a grey level where no point nearby has that level
constexpr double mostShift = 0.7; // of the frame's width

/// Where points are followed: more than is filled, so that the scene's depth is well known.
cv::Rect widened(cv::Rect region, cv::Size size) {
    return withBorder(region, std::max(size.width, size.height) / 6, size);
}

/// Where each pixel of the region lies in the other frame, as far as its nearness does not matter
/// (`base`) and as far as it does (`step`).
void setPositions(SweepFrame& frame, const ParallaxModel& model, std::size_t other,
                  const Homography& map, cv::Rect region) {
    frame.base.create(region.size(), CV_32FC2);
    frame.step.create(region.size(), CV_32FC2);
    for (int y = 0; y < region.height; ++y)
        for (int x = 0; x < region.width; ++x) {
            const cv::Point2f p(float(region.x + x), float(region.y + y));
            const auto q = map.apply({p.x, p.y});
            const auto r = model.residual(other, p, 0);
            const auto s = model.residual(other, p, 1) - r;
            frame.base.at<cv::Vec2f>(y, x) = {float(q.x) + r.x, float(q.y) + r.y};
            frame.step.at<cv::Vec2f>(y, x) = {s.x, s.y};
        }
}

} // namespace

BackgroundFetch::BackgroundFetch(const PlateInputs& inputs, const PlateOptions& options)
    : m_inputs(inputs)
    , m_options(options)
    , m_reader(inputs, options) {
    const double bytes = 5.0 * m_reader.size().area();
    m_keep = std::size_t(std::clamp(bytesKept / bytes, 12.0, 32.0));
}

bool BackgroundFetch::isMoving(std::int64_t index) const {
    const auto last = m_inputs.camera->frameCount() - 1;
    const auto begin = std::max<std::int64_t>(1, index - m_options.nearReach + 1);
    for (auto i = begin; i <= std::min(last, index + m_options.nearReach); ++i)
        if (!m_inputs.camera->step(i).isCut && !m_inputs.camera->step(i).toPrevious.isIdentity() &&
            m_inputs.camera->sameShot(i, index))
            return true;
    return false;
}

Result<ReferenceFrame> BackgroundFetch::load(std::int64_t index) {
    for (std::size_t i = 0; i < m_recent.size(); ++i)
        if (m_recent[i].index == index) {
            const ReferenceFrame found = m_recent[i];
            m_recent.erase(m_recent.begin() + std::ptrdiff_t(i));
            m_recent.push_back(found);
            return found;
        }
    ReferenceFrame made;
    made.index = index;
    STRATA_ASSIGN(made.frame, m_reader.read(index));
    made.gray = grayOf(made.frame.view.rgb);
    m_recent.push_back(made);
    if (m_recent.size() > m_keep)
        m_recent.pop_front();
    return made;
}

/// The frames round this one, from near to far: points at different depths drift apart, and are
/// only found again when they are followed in short steps.
Result<std::vector<ReferenceFrame>> BackgroundFetch::around(std::int64_t index,
                                                            const JobContext& job) {
    const auto& camera = *m_inputs.camera;
    const Size full{m_reader.size().width, m_reader.size().height};
    std::vector<std::int64_t> frames;
    const auto first = std::max<std::int64_t>(0, index - m_options.nearReach);
    const auto last = std::min(camera.frameCount() - 1, index + m_options.nearReach);
    for (auto i = (first + spacing - 1) / spacing * spacing; i <= last; i += spacing) {
        const auto away = std::abs(i - index);
        if (away < spacing / 2 || (away > nearFrames && i % (2 * spacing) != 0))
            continue;
        if (camera.sameShot(i, index) &&
            largestShift(camera.between(index, i), full) < mostShift * full.width)
            frames.push_back(i);
    }
    std::sort(frames.begin(), frames.end(), [&](std::int64_t a, std::int64_t b) {
        return std::pair(std::abs(a - index), a) < std::pair(std::abs(b - index), b);
    });
    std::vector<ReferenceFrame> result;
    for (const auto at : frames) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(auto reference, load(at));
        reference.map = camera.between(index, at);
        result.push_back(std::move(reference));
    }
    return result;
}

/// Which of the frames show what is wanted, several times over where there are such, rather near
/// ones.
std::vector<std::size_t> BackgroundFetch::choose(std::int64_t index, cv::Rect region,
                                                 const cv::Mat& wanted,
                                                 const std::vector<ReferenceFrame>& references,
                                                 const PointTracks& tracks,
                                                 const ParallaxModel& model) const {
    cv::Mat open;
    cv::resize(wanted, open, {}, 1.0 / maskReduction, 1.0 / maskReduction, cv::INTER_AREA);
    const NearnessGuess guess(tracks.points, model);
    std::vector<Candidate> candidates;
    for (std::size_t k = 0; k < references.size(); ++k)
        if (model.knows(k)) {
            const double away = double(std::abs(references[k].index - index));
            candidates.push_back(
                {k, 1 / (1 + away / nearFrames), cv::Mat(cv::Mat::zeros(open.size(), CV_8U))});
        }
    for (int y = 0; y < open.rows; ++y)
        for (int x = 0; x < open.cols; ++x) {
            if (!open.at<std::uint8_t>(y, x))
                continue;
            const cv::Point2f p(float(region.x + x * maskReduction + maskReduction / 2),
                                float(region.y + y * maskReduction + maskReduction / 2));
            const auto near = guess.at(p);
            for (auto& candidate : candidates) {
                const auto& reference = references[candidate.other];
                const auto q = reference.map.apply({p.x, p.y});
                for (const float nearness : near)
                    candidate.shows.at<std::uint8_t>(y, x) +=
                        isSet(reference.frame.view.valid,
                              cv::Point2f(float(q.x), float(q.y)) +
                                  model.residual(candidate.other, p, nearness));
            }
        }
    auto chosen = mostTelling(std::move(candidates), cv::countNonZero(open));
    std::sort(chosen.begin(), chosen.end()); // from near to far
    return chosen;
}

/// What is found here for a frame serves all targets round it.
Result<std::shared_ptr<const FrameDepth>> BackgroundFetch::depthOf(std::int64_t index,
                                                                   const JobContext& job) {
    for (const auto& depth : m_depths)
        if (depth->index == index)
            return depth;
    STRATA_ASSIGN(const auto own, load(index));
    STRATA_ASSIGN(const auto references, around(index, job));
    // Where people are in any of the frames, there depth will be asked for.
    cv::Rect people = cv::boundingRect(own.frame.removal);
    for (const auto& reference : references) {
        const cv::Rect there = cv::boundingRect(reference.frame.removal);
        people = people.empty() ? there : there.empty() ? people : people | there;
    }
    const cv::Rect region = widened(people, m_reader.size());
    PointTracks tracks;
    ParallaxModel model;
    followPoints(index, own.frame.view, region, references, tracks, model);
    auto made = std::make_shared<FrameDepth>();
    made->index = index;
    auto levels =
        model.isEmpty() ? std::vector<float>{} : nearnessLevels(model, levelStep, mostLevels);
    if (!levels.empty())
        *made = findDepth(own, region, std::move(levels), tracks, std::move(model), references);
    m_depths.push_back(made);
    if (m_depths.size() > depthsKept)
        m_depths.pop_front();
    return std::shared_ptr<const FrameDepth>(made);
}

Result<SweptView> BackgroundFetch::fetch(std::int64_t index, const SceneView& target,
                                         cv::Rect region, const cv::Mat& wanted,
                                         const JobContext& job) {
    const cv::Mat own = target.rgb(region);
    const SweptView nothing{own.clone(), cv::Mat::zeros(region.size(), CV_8U)};
    STRATA_ASSIGN(const auto references, around(index, job));
    if (references.empty())
        return nothing;
    PointTracks tracks;
    ParallaxModel model;
    followPoints(index, target, widened(region, m_reader.size()), references, tracks, model);
    if (model.isEmpty())
        return nothing;
    SweepTask task;
    task.levels = nearnessLevels(model, levelStep, mostLevels);
    if (task.levels.empty())
        return nothing;
    task.prior = lackNearby(task.levels, tracks.points, model, region, lackCost);
    for (const auto k : choose(index, region, wanted, references, tracks, model)) {
        const auto& reference = references[k];
        SweepFrame frame;
        frame.valid = reference.frame.view.valid;
        const auto light =
            lightChange(target.rgb, reference.frame.view.rgb, tracks, k, reference.map);
        cv::add(reference.frame.view.rgb, light, frame.rgb);
        setPositions(frame, model, k, reference.map, region);
        if (reference.index % depthSpacing == 0) {
            STRATA_ASSIGN(const auto depth, depthOf(reference.index, job));
            if (!depth->level.empty())
                task.depths.push_back(depthView(*depth, k, region, task.levels, model, references,
                                                frame.base, frame.step));
        }
        task.frames.push_back(std::move(frame));
    }
    if (task.frames.empty())
        return nothing;
    task.own = own;
    task.ownValid = target.valid(region);
    task.wanted = wanted;
    return sweep(task);
}

} // namespace strata
