// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/background_fetch.h"

#include "engine/decompose/scene/cv_view.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr int spacing = 4; // references are every so many frames of the clip
constexpr std::size_t mostReferences = 10;
constexpr int enoughSamples = 5;  // of a pixel
constexpr int trackStep = 8;      // points are followed from one frame to the next so far away
constexpr int parallaxFrames = 6; // in which parallax may grow by one cell of a small mask
constexpr int maskReduction = 4;
constexpr std::size_t masksKept = 96;
constexpr double bytesKept = 96e6;
constexpr std::size_t mostPlanes = 8;
constexpr std::size_t facing = 6;
constexpr double misfitCost = 8; // grey levels per pixel of parallax that a plane is off nearby
constexpr int mostPoints = 500;
constexpr double returnDistance = 0.4; // pixels: a followed point comes back this close
constexpr double mostResidual = 0.06;  // of the frame's longer side

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
    return x >= 0 && y >= 0 && x < mask.cols && y < mask.rows && mask.at<std::uint8_t>(y, x);
}

struct Candidate {
    std::int64_t index;
    double worth;  // less for frames further away in time
    cv::Mat shows; // where it shows what is wanted: 1 = likely, 2 = at whatever depth that is
};

/// Where a small mask of another frame shows what is open in the region: 2 where it still does when
/// parallax moves it by `parallax` cells, else 1.
cv::Mat shownOf(const cv::Mat& open, const cv::Mat& mask, cv::Rect region, const Homography& map,
                int parallax) {
    cv::Mat sure;
    cv::erode(mask, sure, cv::Mat::ones(3, 2 * parallax + 1, CV_8U));
    cv::Mat result = cv::Mat::zeros(open.size(), CV_8U);
    for (int y = 0; y < open.rows; ++y)
        for (int x = 0; x < open.cols; ++x) {
            if (!open.at<std::uint8_t>(y, x))
                continue;
            const auto p = map.apply(
                {region.x + (x + 0.5) * maskReduction, region.y + (y + 0.5) * maskReduction});
            const int sx = int(std::floor(p.x / maskReduction));
            const int sy = int(std::floor(p.y / maskReduction));
            if (sx < 0 || sy < 0 || sx >= mask.cols || sy >= mask.rows)
                continue;
            result.at<std::uint8_t>(y, x) = std::uint8_t((mask.at<std::uint8_t>(sy, sx) > 200) +
                                                         (sure.at<std::uint8_t>(sy, sx) > 200));
        }
    return result;
}

/// Picks one frame after the other, each the one that adds most to what the others show.
std::vector<std::int64_t> mostTelling(std::vector<Candidate> candidates, const cv::Mat& open) {
    constexpr std::array<double, 2 * enoughSamples + 2> gains{1,    0.85, 0.7,  0.6,  0.5, 0.37,
                                                              0.25, 0.18, 0.12, 0.06, 0,   0};
    const double least = 0.004 * cv::countNonZero(open);
    cv::Mat count = cv::Mat::zeros(open.size(), CV_8U);
    std::vector<std::int64_t> result;
    while (result.size() < mostReferences && !candidates.empty()) {
        std::size_t best = 0;
        double bestGain = 0;
        for (std::size_t k = 0; k < candidates.size(); ++k) {
            double gain = 0;
            for (int y = 0; y < open.rows; ++y)
                for (int x = 0; x < open.cols; ++x)
                    for (int s = 0; s < candidates[k].shows.at<std::uint8_t>(y, x); ++s)
                        gain += gains[std::min(std::size_t(count.at<std::uint8_t>(y, x) + s),
                                               gains.size() - 1)];
            gain *= candidates[k].worth;
            if (gain > bestGain) {
                bestGain = gain;
                best = k;
            }
        }
        if (bestGain < least)
            break;
        count += candidates[best].shows;
        result.push_back(candidates[best].index);
        candidates.erase(candidates.begin() + std::ptrdiff_t(best));
    }
    return result;
}

/// The frames and what lies between them and the target, from near to far: points at different
/// depths drift apart, and are only found again when they are followed in short steps.
std::vector<std::int64_t> withSteps(const std::vector<std::int64_t>& frames, std::int64_t target) {
    std::vector<std::int64_t> result = frames;
    for (const auto frame : frames) {
        const std::int64_t way = frame > target ? trackStep : -trackStep;
        for (auto i = target / spacing * spacing + way; (i < frame) == (way > 0) && i != frame;
             i += way)
            if (std::abs(i - target) >= spacing / 2)
                result.push_back(i);
    }
    std::sort(result.begin(), result.end(), [&](std::int64_t a, std::int64_t b) {
        return std::pair(std::abs(a - target), a) < std::pair(std::abs(b - target), b);
    });
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

/// Where points are followed: more than is filled, so that the scene's depth is well known.
cv::Rect widened(cv::Rect region, cv::Size size) {
    const int border = std::max(size.width, size.height) / 6;
    return cv::Rect(region.x - border, region.y - border, region.width + 2 * border,
                    region.height + 2 * border) &
           cv::Rect({0, 0}, size);
}

/// Where each pixel of the region lies in the other frame when it belongs to the plane.
cv::Mat positionsOn(const ParallaxModel& model, const ScenePlane& plane, std::size_t other,
                    const Homography& map, cv::Rect region) {
    cv::Mat positions(region.size(), CV_32FC2);
    for (int y = 0; y < region.height; ++y)
        for (int x = 0; x < region.width; ++x) {
            const cv::Point2f p(float(region.x + x), float(region.y + y));
            const auto q = map.apply({p.x, p.y});
            const auto r = model.residual(other, p, plane.nearness(p));
            positions.at<cv::Vec2f>(y, x) = {float(q.x) + r.x, float(q.y) + r.y};
        }
    return positions;
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
    const double bytes = 6.0 * m_reader.size().area();
    m_keep = std::size_t(std::clamp(bytesKept / bytes, double(mostReferences), 32.0));
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

Result<cv::Mat> BackgroundFetch::shown(std::int64_t index) {
    for (const auto& [at, mask] : m_shown)
        if (at == index)
            return mask;
    STRATA_ASSIGN(const cv::Mat valid, m_reader.readShown(index));
    cv::Mat small;
    cv::resize(valid, small, {}, 1.0 / maskReduction, 1.0 / maskReduction, cv::INTER_AREA);
    m_shown.emplace_back(index, small);
    if (m_shown.size() > masksKept)
        m_shown.pop_front();
    return small;
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

/// Frames that show what is wanted, several times over where there are, rather near ones.
Result<std::vector<BackgroundFetch::Reference>> BackgroundFetch::choose(std::int64_t index,
                                                                        cv::Rect region,
                                                                        const cv::Mat& wanted,
                                                                        const JobContext& job) {
    const auto& camera = *m_inputs.camera;
    const Size full{m_reader.size().width, m_reader.size().height};
    cv::Mat open;
    cv::resize(wanted, open, {}, 1.0 / maskReduction, 1.0 / maskReduction, cv::INTER_AREA);
    open = open > 0;
    const auto first = std::max<std::int64_t>(0, index - m_options.nearReach);
    const auto last = std::min(camera.frameCount() - 1, index + m_options.nearReach);
    std::vector<Candidate> candidates;
    for (auto i = (first + spacing - 1) / spacing * spacing; i <= last; i += spacing) {
        if (job.stopRequested())
            return cancelled();
        if (std::abs(i - index) < spacing / 2 || !camera.sameShot(i, index))
            continue;
        const auto map = camera.between(index, i);
        if (largestShift(map, full) > 0.7 * full.width)
            continue;
        STRATA_ASSIGN(const cv::Mat mask, shown(i));
        const double nearness = 1 - 0.6 * double(std::abs(i - index)) / m_options.nearReach;
        candidates.push_back(
            {i, nearness,
             shownOf(open, mask, region, map, 1 + int(std::abs(i - index)) / parallaxFrames)});
    }
    std::vector<Reference> result;
    const auto chosen = mostTelling(std::move(candidates), open);
    for (const auto at : withSteps(chosen, index)) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(auto reference, load(at));
        reference.map = camera.between(index, at);
        reference.shows = std::find(chosen.begin(), chosen.end(), at) != chosen.end();
        result.push_back(std::move(reference));
    }
    return result;
}

PointTracks BackgroundFetch::track(std::int64_t index, const SceneView& target, cv::Rect region,
                                   const std::vector<Reference>& references) const {
    const cv::Mat gray = grayOf(target.rgb);
    const int rim = std::max(3, gray.cols / 160);
    cv::Mat where = cv::Mat::zeros(gray.size(), CV_8U);
    eroded(target.valid, rim)(region).copyTo(where(region));
    PointTracks tracks;
    cv::goodFeaturesToTrack(gray, tracks.points, mostPoints, 0.002,
                            std::max(3.0, std::sqrt(region.area() / (2.0 * mostPoints))), where, 5);
    if (tracks.points.empty())
        return tracks;
    const cv::Size window(13, 13);
    const cv::TermCriteria enough(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 20, 0.01);
    const double farthest = mostResidual * std::max(gray.cols, gray.rows);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    // Per side of the target and point: the residual per frame where it was last seen.
    std::array<std::vector<cv::Point2f>, 2> drift;
    drift.fill(std::vector<cv::Point2f>(tracks.points.size(), {0, 0}));
    for (const auto& reference : references) {
        auto& slope = drift[reference.index > index];
        const auto away = float(std::abs(reference.index - index));
        std::vector<cv::Point2f> guess, there, back = tracks.points;
        for (const auto& p : tracks.points) {
            const auto q = reference.map.apply({p.x, p.y});
            guess.emplace_back(float(q.x), float(q.y));
        }
        there = guess;
        for (std::size_t i = 0; i < there.size(); ++i)
            there[i] += slope[i] * away;
        std::vector<std::uint8_t> found, foundBack;
        std::vector<float> error;
        cv::calcOpticalFlowPyrLK(gray, reference.gray, tracks.points, there, found, error, window,
                                 2, enough, cv::OPTFLOW_USE_INITIAL_FLOW);
        cv::calcOpticalFlowPyrLK(reference.gray, gray, there, back, foundBack, error, window, 2,
                                 enough, cv::OPTFLOW_USE_INITIAL_FLOW);
        const cv::Mat shows = eroded(reference.frame.view.valid, 3);
        std::vector<cv::Point2f> residual(there.size(), {nan, nan});
        for (std::size_t i = 0; i < there.size(); ++i)
            if (found[i] && foundBack[i] && isSet(shows, there[i]) &&
                cv::norm(back[i] - tracks.points[i]) < returnDistance &&
                cv::norm(there[i] - guess[i]) < farthest) {
                residual[i] = there[i] - guess[i];
                slope[i] = residual[i] / away;
            }
        tracks.residual.push_back(std::move(residual));
    }
    return tracks;
}

Result<SweptView> BackgroundFetch::fetch(std::int64_t index, const SceneView& target,
                                         cv::Rect region, const cv::Mat& wanted,
                                         const JobContext& job) {
    const cv::Mat own = target.rgb(region);
    const SweptView nothing{own.clone(), cv::Mat::zeros(region.size(), CV_8U)};
    STRATA_ASSIGN(const auto references, choose(index, region, wanted, job));
    if (references.empty())
        return nothing;
    const auto tracks = track(index, target, widened(region, m_reader.size()), references);
    if (tracks.points.empty())
        return nothing;
    const auto model = ParallaxModel::fit(tracks);
    if (model.isEmpty())
        return nothing;
    auto planes = findPlanes(tracks.points, model, mostPlanes, std::uint64_t(index));
    const auto levels = facingPlanes(model, facing);
    planes.insert(planes.end(), levels.begin(), levels.end());
    if (planes.empty())
        return nothing;
    std::vector<cv::Scalar> light;
    for (std::size_t k = 0; k < references.size(); ++k)
        light.push_back(
            lightChange(target.rgb, references[k].frame.view.rgb, tracks, k, references[k].map));
    SweepSamples samples;
    samples.prior = misfitNearby(planes, tracks.points, model, region);
    for (auto& prior : samples.prior)
        prior *= misfitCost;
    for (const auto& plane : planes) {
        std::vector<cv::Mat> rgb(references.size()), valid(references.size());
        for (std::size_t k = 0; k < references.size(); ++k) {
            if (!references[k].shows || !model.knows(k))
                continue;
            const auto& view = references[k].frame.view;
            const auto positions = positionsOn(model, plane, k, references[k].map, region);
            cv::remap(view.rgb, rgb[k], positions, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
            cv::add(rgb[k], light[k], rgb[k]);
            cv::remap(view.valid, valid[k], positions, {}, cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                      {});
            valid[k] = valid[k] > 250;
        }
        samples.rgb.push_back(std::move(rgb));
        samples.valid.push_back(std::move(valid));
    }
    return sweep(samples, own, target.valid(region), wanted);
}

} // namespace strata
