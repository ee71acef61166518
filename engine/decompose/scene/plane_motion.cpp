// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/plane_motion.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

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
    fitMotion(tracks, false, 3);
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

void ParallaxModel::fitMotion(const PointTracks& tracks, bool parallax, double tolerance) {
    for (std::size_t k = 0; k < tracks.residual.size(); ++k) {
        Motion motion = m_motion[k];
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
                const auto r = tracks.residual[k][i];
                if (!seen(r))
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
            m_known[k] = count >= fewestTracks;
            if (!m_known[k])
                break;
            motion = normal.inv(cv::DECOMP_CHOLESKY) * right;
        }
        m_motion[k] = motion;
    }
}

void ParallaxModel::fitNearness(const PointTracks& tracks, double tolerance) {
    std::vector<float> size;
    for (std::size_t i = 0; i < tracks.points.size(); ++i) {
        const auto p = normalised(tracks.points[i]);
        double top = 0;
        double bottom = 0.05;
        for (std::size_t k = 0; k < tracks.residual.size(); ++k) {
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
        m_nearness[i] = float(top / bottom);
        size.push_back(std::abs(m_nearness[i]));
    }
    // The unit is free: keep it where a typical point is 1 away from the mean.
    const float scale = std::max(1e-4f, medianOf(size));
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
        for (std::size_t k = 0; k < tracks.residual.size(); ++k) {
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
        model.fitMotion(tracks, true, tolerance);
        model.fitNearness(tracks, tolerance);
    }
    model.fitMotion(tracks, true, sureDistance);
    model.rate(tracks);
    if (std::none_of(model.m_known.begin(), model.m_known.end(), [](bool known) { return known; }))
        return {};
    return model;
}

namespace {

constexpr float samePlane = 0.3f;       // pixels, and …
constexpr float samePlaneShare = 0.08f; // … of the typical parallax: far frames are less exact
constexpr int fewestPoints = 6;         // of a plane
constexpr std::size_t neighbours = 9;
constexpr int seeds = 80;

/// Points and their nearness in pixels of parallax.
struct Cloud {
    const std::vector<cv::Point2f>& points;
    std::vector<float> height;
    float tolerance;
};

ScenePlane fitPlane(const Cloud& cloud, const std::vector<std::size_t>& members) {
    ScenePlane plane;
    for (const auto i : members)
        plane.centre += cloud.points[i] * (1.f / float(members.size()));
    // A slope must be earned: few points that lie close together do not know it.
    cv::Matx33d normal = cv::Matx33d::diag({1e-6, 2e3, 2e3});
    cv::Vec3d right;
    for (const auto i : members) {
        const auto q = cloud.points[i] - plane.centre;
        const cv::Vec3d row(1, double(q.x), double(q.y));
        normal += row * row.t();
        right += row * double(cloud.height[i]);
    }
    plane.abc = normal.inv(cv::DECOMP_CHOLESKY) * right;
    plane.support = int(members.size());
    return plane;
}

std::vector<std::size_t> membersOf(const Cloud& cloud, const ScenePlane& plane,
                                   const std::vector<std::size_t>& free) {
    std::vector<std::size_t> members;
    for (const auto i : free)
        if (std::abs(plane.nearness(cloud.points[i]) - cloud.height[i]) < cloud.tolerance)
            members.push_back(i);
    return members;
}

std::vector<std::size_t> nearest(const Cloud& cloud, const std::vector<std::size_t>& free,
                                 cv::Point2f to) {
    auto order = free;
    const auto distance = [&](std::size_t i) {
        const cv::Point2f d = cloud.points[i] - to;
        return d.dot(d);
    };
    const auto count = std::min(neighbours, order.size());
    std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(count), order.end(),
                      [&](std::size_t a, std::size_t b) { return distance(a) < distance(b); });
    order.resize(count);
    return order;
}

/// The largest group of free points on one plane, found from close neighbours.
std::vector<std::size_t> largestGroup(const Cloud& cloud, const std::vector<std::size_t>& free,
                                      cv::RNG& random) {
    std::vector<std::size_t> best;
    for (int trial = 0; trial < seeds; ++trial) {
        const auto seed = free[std::size_t(random.uniform(0, int(free.size())))];
        auto members = nearest(cloud, free, cloud.points[seed]);
        // The neighbours may straddle a step in depth: keep those that agree.
        for (int pass = 0; pass < 5 && int(members.size()) >= 4; ++pass) {
            auto next = membersOf(cloud, fitPlane(cloud, members), free);
            if (next == members)
                break;
            members = std::move(next);
        }
        if (members.size() > best.size())
            best = std::move(members);
    }
    return best;
}

} // namespace

std::vector<ScenePlane> findPlanes(const std::vector<cv::Point2f>& points,
                                   const ParallaxModel& model, std::size_t most,
                                   std::uint64_t seed) {
    const float scale = std::max(1e-3f, model.pixelsPerNearness());
    cv::RNG random(seed * 2654435761u + 1);
    Cloud cloud{points, {}, samePlane + samePlaneShare * scale};
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < points.size(); ++i) {
        cloud.height.push_back(model.nearness()[i] * scale);
        if (!std::isnan(cloud.height[i]))
            free.push_back(i);
    }
    std::vector<ScenePlane> planes;
    while (planes.size() < most && int(free.size()) >= fewestPoints) {
        const auto group = largestGroup(cloud, free, random);
        if (int(group.size()) < fewestPoints)
            break;
        auto plane = fitPlane(cloud, group);
        plane.abc *= 1.0 / double(scale);
        planes.push_back(plane);
        std::vector<std::size_t> rest;
        std::set_difference(free.begin(), free.end(), group.begin(), group.end(),
                            std::back_inserter(rest));
        free = std::move(rest);
    }
    return planes;
}

std::vector<ScenePlane> facingPlanes(const ParallaxModel& model, std::size_t count) {
    std::vector<float> values;
    for (const float value : model.nearness())
        if (!std::isnan(value))
            values.push_back(value);
    std::sort(values.begin(), values.end());
    std::vector<ScenePlane> planes;
    for (std::size_t i = 0; i < count && !values.empty(); ++i) {
        ScenePlane plane;
        plane.abc[0] = double(values[(2 * i + 1) * values.size() / (2 * count)]);
        planes.push_back(plane);
    }
    return planes;
}

std::vector<cv::Mat> misfitNearby(const std::vector<ScenePlane>& planes,
                                  const std::vector<cv::Point2f>& points,
                                  const ParallaxModel& model, cv::Rect region) {
    constexpr int cell = 8;
    constexpr float reach = 10;  // pixels: points nearer than this count alike
    constexpr float upright = 2; // things beside each other are more often equally far
    constexpr float most = 2;
    const float scale = model.pixelsPerNearness();
    const cv::Size size((region.width + cell - 1) / cell, (region.height + cell - 1) / cell);
    std::vector<cv::Mat> result;
    for (const auto& plane : planes) {
        std::vector<cv::Vec3f> misfits; // x, y, misfit
        for (std::size_t i = 0; i < points.size(); ++i)
            if (const float d = plane.nearness(points[i]) - model.nearness()[i]; !std::isnan(d))
                misfits.emplace_back(points[i].x, points[i].y, std::min(most, std::abs(d) * scale));
        cv::Mat coarse(size, CV_32F), full;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                float sum = 0;
                float norm = 1e-12f;
                for (const auto& m : misfits) {
                    const float dx = float(region.x + x * cell + cell / 2) - m[0];
                    const float dy = upright * (float(region.y + y * cell + cell / 2) - m[1]);
                    const float d = dx * dx + dy * dy + reach * reach;
                    sum += m[2] / (d * d);
                    norm += 1 / (d * d);
                }
                coarse.at<float>(y, x) = sum / norm;
            }
        cv::resize(coarse, full, region.size(), 0, 0, cv::INTER_LINEAR);
        result.push_back(full);
    }
    return result;
}

} // namespace strata
