// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/point_following.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace strata {
namespace {

constexpr int mostPoints = 800;
constexpr double returnDistance = 0.4; // pixels: a followed point comes back this close
constexpr double mostResidual = 0.06;  // of the frame's longer side
constexpr double mostSurprise = 0.012; // of that: how far from where it was expected
constexpr float firstFrames = 12;      // followed without knowing the scene

cv::Mat eroded(const cv::Mat& mask, int reach) {
    cv::Mat result;
    cv::erode(mask, result, cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U));
    return result;
}

/// Points of the target's background that are worth following.
std::vector<cv::Point2f> pointsOf(const SceneView& target, const cv::Mat& gray, cv::Rect region) {
    const int rim = std::max(3, gray.cols / 160);
    cv::Mat where = cv::Mat::zeros(gray.size(), CV_8U);
    eroded(target.valid, rim)(region).copyTo(where(region));
    std::vector<cv::Point2f> points;
    cv::goodFeaturesToTrack(gray, points, mostPoints, 0.002,
                            std::max(3.0, std::sqrt(region.area() / (2.0 * mostPoints))), where, 5);
    return points;
}

/// Where the points lie in the other frame, looked for from a guess of the residual: NaN when lost.
std::vector<cv::Point2f> look(const std::vector<cv::Point2f>& points,
                              const std::vector<cv::Point2f>& expected, const cv::Mat& gray,
                              const ReferenceFrame& other, double farthest) {
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

} // namespace

void followPoints(std::int64_t index, const SceneView& target, cv::Rect region,
                  const std::vector<ReferenceFrame>& references, PointTracks& tracks,
                  ParallaxModel& model) {
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

bool isSet(const cv::Mat& mask, cv::Point2f p) {
    const int x = int(std::lround(p.x));
    const int y = int(std::lround(p.y));
    return x >= 0 && y >= 0 && x < mask.cols && y < mask.rows && mask.at<std::uint8_t>(y, x) != 0;
}

cv::Mat grayOf(const cv::Mat& rgb) {
    cv::Mat gray;
    cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
    return gray;
}

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

} // namespace strata
