// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/background_fetch.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/frame_choice.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace strata {
namespace {

constexpr int spacing = 4;     // other frames are every so many frames of the clip …
constexpr int nearFrames = 24; // … up to so far away, then every other one of them
constexpr int maskReduction = 4;
constexpr double bytesKept = 256e6;
constexpr float levelStep = 0.6f; // pixels between levels of nearness, in the typical frame
constexpr std::size_t mostLevels = 96;
constexpr double lackCost = 64; // quarters of a grey level where no point nearby has that level
constexpr int mostPoints = 800;
constexpr double returnDistance = 0.4; // pixels: a followed point comes back this close
constexpr double mostResidual = 0.06;  // of the frame's longer side
constexpr double mostSurprise = 0.012; // of that: how far from where it was expected
constexpr float firstFrames = 12;      // followed without knowing the scene
constexpr double mostShift = 0.7;      // of the frame's width

cv::Mat grayOf(const cv::Mat& rgb) {
    cv::Mat gray;
    cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
    return gray;
}

cv::Mat eroded(const cv::Mat& mask, int reach) {
    cv::Mat result;
    cv::erode(mask, result, cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U));
    return result;
}

bool isSet(const cv::Mat& mask, cv::Point2f p) {
    const int x = int(std::lround(p.x));
    const int y = int(std::lround(p.y));
    return x >= 0 && y >= 0 && x < mask.cols && y < mask.rows && mask.at<std::uint8_t>(y, x) != 0;
}

/// Where points are followed: more than is filled, so that the scene's depth is well known.
cv::Rect widened(cv::Rect region, cv::Size size) {
    const int border = std::max(size.width, size.height) / 6;
    return cv::Rect(region.x - border, region.y - border, region.width + 2 * border,
                    region.height + 2 * border) &
           cv::Rect({0, 0}, size);
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

/// What has to be added to the other frame's colours to have the target's light.
cv::Scalar lightChange(const cv::Mat& target, const cv::Mat& other, const PointTracks& tracks,
                       std::size_t k, const Homography& map) {
    std::array<std::vector<int>, 3> changes;
    for (std::size_t i = 0; i < tracks.points.size(); ++i) {
        const auto r = tracks.residual[k][i];
        if (std::isnan(r.x))
            continue;
        const auto p = tracks.points[i];
        const auto q = map.apply({p.x, p.y});
        const cv::Point there(int(std::lround(q.x + double(r.x))),
                              int(std::lround(q.y + double(r.y))));
        const cv::Rect inside(0, 0, target.cols, target.rows);
        const cv::Rect a = cv::Rect(int(p.x) - 4, int(p.y) - 4, 9, 9) & inside;
        const cv::Rect b = cv::Rect(there.x - 4, there.y - 4, 9, 9) & inside;
        if (a.size() != b.size() || a.empty())
            continue;
        const cv::Scalar d = cv::mean(target(a)) - cv::mean(other(b));
        for (int c = 0; c < 3; ++c)
            changes[std::size_t(c)].push_back(int(std::lround(d[c] * 16)));
    }
    cv::Scalar result = cv::Scalar::all(0);
    for (int c = 0; c < 3; ++c) {
        auto& list = changes[std::size_t(c)];
        if (list.size() < 12)
            continue;
        const auto middle = list.begin() + std::ptrdiff_t(list.size() / 2);
        std::nth_element(list.begin(), middle, list.end());
        result[c] = *middle / 16.0;
    }
    return result;
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

Result<BackgroundFetch::Reference> BackgroundFetch::load(std::int64_t index) {
    for (std::size_t i = 0; i < m_recent.size(); ++i)
        if (m_recent[i].index == index) {
            const Reference found = m_recent[i];
            m_recent.erase(m_recent.begin() + std::ptrdiff_t(i));
            m_recent.push_back(found);
            return found;
        }
    Reference made;
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
Result<std::vector<BackgroundFetch::Reference>> BackgroundFetch::around(std::int64_t index,
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
    std::vector<Reference> result;
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
                                                 const std::vector<Reference>& references,
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

/// Points of the target's background that are worth following.
std::vector<cv::Point2f> BackgroundFetch::pointsOf(const SceneView& target, const cv::Mat& gray,
                                                   cv::Rect region) const {
    const int rim = std::max(3, gray.cols / 160);
    cv::Mat where = cv::Mat::zeros(gray.size(), CV_8U);
    eroded(target.valid, rim)(region).copyTo(where(region));
    std::vector<cv::Point2f> points;
    cv::goodFeaturesToTrack(gray, points, mostPoints, 0.002,
                            std::max(3.0, std::sqrt(region.area() / (2.0 * mostPoints))), where, 5);
    return points;
}

/// Where the points lie in the other frame, looked for from a guess of the residual: NaN when lost.
std::vector<cv::Point2f> BackgroundFetch::look(const std::vector<cv::Point2f>& points,
                                               const std::vector<cv::Point2f>& expected,
                                               const cv::Mat& gray, const Reference& other,
                                               double farthest) const {
    const cv::Size window(13, 13);
    const cv::TermCriteria enough(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 20, 0.01);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::vector<cv::Point2f> guess, there, back;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto q = other.map.apply({points[i].x, points[i].y});
        guess.push_back(cv::Point2f(float(q.x), float(q.y)));
        there.push_back(guess[i] + expected[i]);
    }
    back = points;
    const auto start = there;
    std::vector<std::uint8_t> found, foundBack;
    std::vector<float> error;
    cv::calcOpticalFlowPyrLK(gray, other.gray, points, there, found, error, window, 2, enough,
                             cv::OPTFLOW_USE_INITIAL_FLOW);
    cv::calcOpticalFlowPyrLK(other.gray, gray, there, back, foundBack, error, window, 2, enough,
                             cv::OPTFLOW_USE_INITIAL_FLOW);
    const cv::Mat shows = eroded(other.frame.view.valid, 3);
    std::vector<cv::Point2f> residual(there.size(), {nan, nan});
    for (std::size_t i = 0; i < there.size(); ++i)
        if (found[i] && foundBack[i] && isSet(shows, there[i]) &&
            cv::norm(back[i] - points[i]) < returnDistance &&
            cv::norm(there[i] - start[i]) < farthest)
            residual[i] = there[i] - guess[i];
    return residual;
}

/// Follows points, first to the frames close by, from one to the next: points at different depths
/// drift apart, and are only found again in short steps. What is known then about the scene says
/// where to look for them in the frames further away.
void BackgroundFetch::follow(std::int64_t index, const SceneView& target, cv::Rect region,
                             const std::vector<Reference>& references, PointTracks& tracks,
                             ParallaxModel& model) const {
    const cv::Mat gray = grayOf(target.rgb);
    tracks.points = pointsOf(target, gray, region);
    if (tracks.points.empty())
        return;
    const double side = std::max(gray.cols, gray.rows);
    // Per side of the target and point: how fast it goes where it was last seen.
    std::array<std::vector<cv::Point2f>, 2> drift;
    drift.fill(std::vector<cv::Point2f>(tracks.points.size(), {0, 0}));
    std::size_t k = 0;
    for (; k < references.size(); ++k) {
        const auto away = float(std::abs(references[k].index - index));
        if (away > firstFrames && k >= 2)
            break;
        auto& speed = drift[references[k].index > index];
        std::vector<cv::Point2f> expected;
        for (const auto& v : speed)
            expected.push_back(v * away);
        auto residual = look(tracks.points, expected, gray, references[k], mostResidual * side);
        for (std::size_t i = 0; i < residual.size(); ++i)
            if (!std::isnan(residual[i].x))
                speed[i] = residual[i] * (1 / away);
        tracks.residual.push_back(std::move(residual));
    }
    model = ParallaxModel::fit(tracks);
    if (model.isEmpty())
        return;
    for (; k < references.size(); ++k) {
        // The two frames before it on the same side of the target; the target itself when there
        // is only one.
        std::array<std::optional<std::size_t>, 2> before;
        for (std::size_t j = 0; j < k; ++j)
            if ((references[j].index > index) == (references[k].index > index) && model.knows(j))
                before = {before[1], j};
        std::array<double, 2> at{0, 0};
        for (std::size_t j = 0; j < 2; ++j)
            if (before[j])
                at[j] = double(std::abs(references[*before[j]].index - index));
        const double share =
            before[1] ? (double(std::abs(references[k].index - index)) - at[0]) / (at[1] - at[0])
                      : 0;
        model.expect(before[0], before[1], share);
        std::vector<cv::Point2f> expected;
        for (std::size_t i = 0; i < tracks.points.size(); ++i) {
            const float nearness = model.nearness()[i];
            expected.push_back(
                model.residual(k, tracks.points[i], std::isnan(nearness) ? 0 : nearness));
        }
        tracks.residual.push_back(
            look(tracks.points, expected, gray, references[k], mostSurprise * side));
        model.fitLast(tracks);
    }
    model.refine(tracks);
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
    follow(index, target, widened(region, m_reader.size()), references, tracks, model);
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
