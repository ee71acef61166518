// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/parallax_model.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace strata {
namespace {

constexpr double unit = 200;         // pixels: positions are divided by this
constexpr double sureDistance = 0.3; // pixels: larger misfits count less and less
constexpr float strayDistance = 1.f; // pixels: does not move with the scene
constexpr std::size_t fewestTracks = 24;
constexpr int rounds = 12;

bool seen(cv::Point2f residual) { return !std::isnan(residual.x); }

using Row = cv::Vec<double, 11>;

/// How the 11 numbers move a point in x and in y.
void rowsAt(cv::Point2d p, double nearness, Row& x, Row& y) {
    x = {1, p.x, p.y, 0, 0, 0, p.x * p.x, p.x * p.y, nearness, 0, -nearness * p.x};
    y = {0, 0, 0, 1, p.x, p.y, p.x * p.y, p.y * p.y, 0, nearness, -nearness * p.y};
}

cv::Point2d moved(const Row& motion, cv::Point2d p, double nearness) {
    Row x, y;
    rowsAt(p, nearness, x, y);
    return {motion.dot(x), motion.dot(y)};
}

double trust(double misfit, double tolerance) {
    const double ratio = misfit / tolerance;
    return 1 / ((1 + ratio * ratio) * (1 + ratio * ratio));
}

float medianOf(std::vector<float> values) {
    if (values.empty())
        return 0;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

cv::Point2d ParallaxModel::normalised(cv::Point2f p) const {
    return {double(p.x - m_centre.x) / unit, double(p.y - m_centre.y) / unit};
}

cv::Point2f ParallaxModel::residual(std::size_t other, cv::Point2f p, float nearness) const {
    return moved(m_motion[other], normalised(p), double(nearness));
}

float ParallaxModel::pixelsPerNearness() const {
    double sum = 0;
    int count = 0;
    for (std::size_t k = 0; k < m_motion.size(); ++k)
        if (m_known[k]) {
            sum += std::hypot(m_motion[k][8], m_motion[k][9]);
            ++count;
        }
    return count ? float(sum / count) : 0.f;
}

/// The first guess of nearness comes from the frame with the widest spread of residuals: along its
/// main direction, after what a turn explains was taken away.
void ParallaxModel::start(const PointTracks& tracks) {
    fitMotions(tracks, false, 3);
    double widest = -1;
    for (std::size_t k = 0; k < tracks.residual.size(); ++k) {
        if (!m_known[k])
            continue;
        cv::Matx22d spread = cv::Matx22d::zeros();
        std::vector<std::pair<std::size_t, cv::Vec2d>> left;
        for (std::size_t i = 0; i < tracks.points.size(); ++i) {
            const auto r = tracks.residual[k][i];
            if (!seen(r))
                continue;
            const auto d = cv::Point2d(r) - moved(m_motion[k], normalised(tracks.points[i]), 0);
            const cv::Vec2d v = cv::Vec2d(d.x, d.y) * (1 / std::max(1.0, std::hypot(d.x, d.y) / 8));
            spread += v * v.t();
            left.emplace_back(i, v);
        }
        cv::Mat values, vectors;
        cv::eigen(cv::Mat(spread), values, vectors);
        const double width = values.at<double>(0); // summed: many points count for more
        if (width <= widest)
            continue;
        widest = width;
        const cv::Vec2d along(vectors.at<double>(0, 0), vectors.at<double>(0, 1));
        std::fill(m_nearness.begin(), m_nearness.end(), 0.f);
        const double scale = std::sqrt(std::max(width / double(left.size()), 1e-6));
        for (const auto& [i, v] : left)
            m_nearness[i] = float(v.dot(along) / scale);
    }
}

void ParallaxModel::fitMotions(const PointTracks& tracks, bool parallax, double tolerance) {
    for (std::size_t k = 0; k < m_motion.size(); ++k)
        fitMotion(tracks, k, parallax, tolerance);
}

void ParallaxModel::fitMotion(const PointTracks& tracks, std::size_t other, bool parallax,
                              double tolerance) {
    Motion motion = m_motion[other];
    for (int pass = 0; pass < (parallax ? 2 : 6); ++pass) {
        cv::Matx<double, 11, 11> normal = cv::Matx<double, 11, 11>::eye() * 1e-3;
        for (int j = 0; j < 11; ++j)
            normal(j, j) += j == 6 || j == 7 || j == 10 ? 2.0 : 0.01; // rarely needed
        if (!parallax)
            for (int j = 8; j < 11; ++j)
                normal(j, j) += 1e9;
        Row right = Row::all(0), x, y;
        std::size_t count = 0;
        for (std::size_t i = 0; i < tracks.points.size(); ++i) {
            const auto r = tracks.residual[other][i];
            if (!seen(r) || std::isnan(m_nearness[i]))
                continue;
            const auto p = normalised(tracks.points[i]);
            rowsAt(p, parallax ? double(m_nearness[i]) : 0, x, y);
            const double misfit =
                std::hypot(motion.dot(x) - double(r.x), motion.dot(y) - double(r.y));
            const double w = parallax || pass > 0 ? trust(misfit, tolerance) : 1;
            normal += (x * x.t() + y * y.t()) * w;
            right += (x * double(r.x) + y * double(r.y)) * w;
            ++count;
        }
        m_known[other] = count >= fewestTracks;
        if (!m_known[other])
            break;
        motion = normal.inv(cv::DECOMP_CHOLESKY) * right;
    }
    m_motion[other] = motion;
}

void ParallaxModel::fitNearness(const PointTracks& tracks, double tolerance) {
    std::vector<float> size;
    for (std::size_t i = 0; i < tracks.points.size(); ++i) {
        const auto p = normalised(tracks.points[i]);
        double top = 0;
        double bottom = 0.05;
        for (std::size_t k = 0; k < m_motion.size(); ++k) {
            const auto r = tracks.residual[k][i];
            if (!seen(r) || !m_known[k])
                continue;
            const auto base = moved(m_motion[k], p, 0);
            const auto step = moved(m_motion[k], p, 1) - base;
            const auto left = cv::Point2d(r) - base;
            const auto misfit = left - double(m_nearness[i]) * step;
            const double w = trust(std::hypot(misfit.x, misfit.y), 2 * tolerance);
            top += w * left.dot(step);
            bottom += w * step.dot(step);
        }
        m_nearness[i] = std::isnan(m_nearness[i]) ? m_nearness[i] : float(top / bottom);
        if (!std::isnan(m_nearness[i]))
            size.push_back(std::abs(m_nearness[i]));
    }
    // The unit is free: keep it where a fifth of the points is more than 1 away from the mean. Most
    // may be on one plane, so that the median says nothing.
    if (size.empty())
        return;
    const auto wide = size.begin() + std::ptrdiff_t(size.size() * 4 / 5);
    std::nth_element(size.begin(), wide, size.end());
    const float scale = std::max(1e-4f, *wide);
    for (std::size_t i = 0; i < m_nearness.size(); ++i)
        m_nearness[i] = std::clamp(m_nearness[i] / scale, -30.f, 30.f);
    for (auto& motion : m_motion)
        for (int j = 8; j < 11; ++j)
            motion[j] *= double(scale);
}

/// Points that the model does not explain lose their nearness.
void ParallaxModel::rate(const PointTracks& tracks) {
    for (std::size_t i = 0; i < tracks.points.size(); ++i) {
        std::vector<float> misfits;
        for (std::size_t k = 0; k < m_motion.size(); ++k) {
            const auto r = tracks.residual[k][i];
            if (!seen(r) || !m_known[k])
                continue;
            const auto d = r - residual(k, tracks.points[i], m_nearness[i]);
            misfits.push_back(std::hypot(d.x, d.y));
        }
        if (misfits.empty() || medianOf(misfits) > strayDistance)
            m_nearness[i] = std::numeric_limits<float>::quiet_NaN();
    }
}

ParallaxModel ParallaxModel::fit(const PointTracks& tracks) {
    ParallaxModel model;
    if (tracks.points.size() < fewestTracks || tracks.residual.empty())
        return model;
    for (const auto& p : tracks.points)
        model.m_centre += p * (1.f / float(tracks.points.size()));
    model.m_motion.assign(tracks.residual.size(), Motion::all(0));
    model.m_known.assign(tracks.residual.size(), false);
    model.m_nearness.assign(tracks.points.size(), 0.f);
    model.start(tracks);
    for (int round = 0; round < rounds; ++round) {
        // What is far from the rest in depth must not be taken for stray points at first.
        const double tolerance = std::max(sureDistance, 5 * std::pow(0.7, round));
        model.fitMotions(tracks, true, tolerance);
        model.fitNearness(tracks, tolerance);
    }
    model.fitMotions(tracks, true, sureDistance);
    model.rate(tracks);
    // The sign is free too: what is lower in the picture is mostly nearer, as the ground is.
    double slope = 0;
    for (std::size_t i = 0; i < tracks.points.size(); ++i)
        if (!std::isnan(model.m_nearness[i]))
            slope += double(tracks.points[i].y - model.m_centre.y) * double(model.m_nearness[i]);
    if (slope < 0) {
        for (auto& n : model.m_nearness)
            n = -n;
        for (auto& motion : model.m_motion)
            for (int j = 8; j < 11; ++j)
                motion[j] = -motion[j];
    }
    if (std::none_of(model.m_known.begin(), model.m_known.end(), [](bool known) { return known; }))
        return {};
    return model;
}

void ParallaxModel::expect(std::optional<std::size_t> a, std::optional<std::size_t> b,
                           double share) {
    const Motion from = a ? m_motion[*a] : Motion::all(0);
    const Motion to = b ? m_motion[*b] : Motion::all(0);
    m_motion.push_back(from + (to - from) * share);
    m_known.push_back(false);
}

void ParallaxModel::fitLast(const PointTracks& tracks) {
    for (const double tolerance : {3.0, 1.5, 0.7, sureDistance})
        fitMotion(tracks, m_motion.size() - 1, true, tolerance);
}

void ParallaxModel::refine(const PointTracks& tracks) {
    for (int round = 0; round < 4; ++round) {
        fitNearness(tracks, sureDistance);
        fitMotions(tracks, true, sureDistance);
    }
    rate(tracks);
}

std::vector<float> nearnessLevels(const ParallaxModel& model, float step, std::size_t most) {
    constexpr float beyond = 0.1f; // of the range, on either side
    std::vector<float> values;
    for (const float value : model.nearness())
        if (!std::isnan(value))
            values.push_back(value);
    const float scale = model.pixelsPerNearness();
    if (values.empty() || most < 2 || scale <= 0)
        return {};
    std::sort(values.begin(), values.end());
    const std::size_t stray = values.size() / 100;
    float first = values[stray];
    float last = values[values.size() - 1 - stray];
    const float margin = beyond * (last - first) + step / scale;
    first -= margin;
    last += margin;
    const auto count =
        std::clamp(std::size_t(std::ceil((last - first) * scale / step)) + 1, std::size_t(2), most);
    std::vector<float> levels;
    for (std::size_t i = 0; i < count; ++i)
        levels.push_back(first + (last - first) * float(i) / float(count - 1));
    return levels;
}

std::vector<cv::Mat> lackNearby(const std::vector<float>& levels,
                                const std::vector<cv::Point2f>& points, const ParallaxModel& model,
                                cv::Rect region, double cost) {
    constexpr int cell = 8;
    constexpr float reach = 10;    // pixels: points nearer than this count alike
    constexpr float upright = 2;   // things beside each other are more often equally far
    constexpr float most = 2;      // pixels of parallax: points further off do not count
    constexpr float enough = 0.1f; // share of the points nearby that makes a level likely
    const float scale = model.pixelsPerNearness();
    const cv::Size size((region.width + cell - 1) / cell, (region.height + cell - 1) / cell);
    std::vector<cv::Mat> result;
    for (std::size_t i = 0; i < levels.size(); ++i)
        result.emplace_back(size, CV_8U);
    std::vector<float> weight(points.size());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            float norm = 1e-12f;
            for (std::size_t i = 0; i < points.size(); ++i) {
                const float dx = float(region.x + x * cell + cell / 2) - points[i].x;
                const float dy = upright * (float(region.y + y * cell + cell / 2) - points[i].y);
                const float d = dx * dx + dy * dy + reach * reach;
                weight[i] = std::isnan(model.nearness()[i]) ? 0.f : 1 / (d * d);
                norm += weight[i];
            }
            for (std::size_t l = 0; l < levels.size(); ++l) {
                float sum = 0;
                for (std::size_t i = 0; i < points.size(); ++i)
                    if (weight[i] > 0)
                        sum += weight[i] *
                               std::max(0.f, 1 - scale / most *
                                                     std::abs(levels[l] - model.nearness()[i]));
                const float lacks = std::max(0.f, 1 - sum / (norm * enough));
                result[l].at<std::uint8_t>(y, x) =
                    cv::saturate_cast<std::uint8_t>(cost * double(lacks));
            }
        }
    return result;
}

} // namespace strata
