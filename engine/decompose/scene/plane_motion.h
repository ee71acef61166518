// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/homography.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace strata {

/// Points of the background of one frame, and where each is seen in several other frames.
struct PointTracks {
    std::vector<cv::Point2f> points;
    /// Per other frame and point: what the camera's map leaves over, in pixels; NaN when not seen.
    std::vector<std::vector<cv::Point2f>> residual;
};

/// How a scene that stands still moves from one frame to several others, beyond the camera's maps:
/// per frame a small turn (8 numbers) and a parallax (3 numbers) that grows with a point's
/// nearness. Nearness has no unit: about 0 on average, 1 apart for a typical difference in depth.
class ParallaxModel {
public:
    /// Fits to tracks, robustly. The answer is empty when too few points were followed.
    static ParallaxModel fit(const PointTracks& tracks);

    bool isEmpty() const { return m_motion.empty(); }
    /// Whether enough points were seen in that frame.
    bool knows(std::size_t other) const { return m_known[other]; }
    /// Of the tracked points; NaN for those that do not move with the scene.
    const std::vector<float>& nearness() const { return m_nearness; }
    cv::Point2f residual(std::size_t other, cv::Point2f p, float nearness) const;
    /// Mean pixels that a nearness of 1 moves a point.
    float pixelsPerNearness() const;

private:
    using Motion = cv::Vec<double, 11>;
    cv::Point2d normalised(cv::Point2f p) const;
    void start(const PointTracks& tracks);
    void fitMotion(const PointTracks& tracks, bool parallax, double tolerance);
    void fitNearness(const PointTracks& tracks, double tolerance);
    void rate(const PointTracks& tracks);

    cv::Point2f m_centre;
    std::vector<Motion> m_motion;
    std::vector<bool> m_known;
    std::vector<float> m_nearness;
};

/// A plane of the scene: nearness = a + b x + c y, in pixels from the centre.
struct ScenePlane {
    cv::Vec3d abc;
    cv::Point2f centre;
    int support = 0; // points on it

    float nearness(cv::Point2f p) const {
        return float(abc[0] + abc[1] * double(p.x - centre.x) + abc[2] * double(p.y - centre.y));
    }
};

/// Sorts the points into planes, the largest first: at most `most` of them. Behind a person these
/// are the ground, a wall, the houses further back. `seed` makes the answer repeatable.
std::vector<ScenePlane> findPlanes(const std::vector<cv::Point2f>& points,
                                   const ParallaxModel& model, std::size_t most,
                                   std::uint64_t seed);

/// Up to `count` planes that face the camera, spread over the depths of the points: for things too
/// small to have a plane of their own.
std::vector<ScenePlane> facingPlanes(const ParallaxModel& model, std::size_t count);

/// Per plane, how badly it fits the points round each pixel of the region, the nearest ones
/// counting most: float, pixels of parallax, 0 to 2.
std::vector<cv::Mat> misfitNearby(const std::vector<ScenePlane>& planes,
                                  const std::vector<cv::Point2f>& points,
                                  const ParallaxModel& model, cv::Rect region);

} // namespace strata
