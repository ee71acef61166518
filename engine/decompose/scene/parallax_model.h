// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/homography.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <optional>
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
/// nearness. Nearness has no unit: about 0 on average, 1 apart for a typical difference in depth;
/// higher is nearer, as far as the ground tells, which is nearer lower in the picture.
class ParallaxModel {
public:
    /// Fits to tracks, robustly. The answer is empty when too few points were followed.
    static ParallaxModel fit(const PointTracks& tracks);

    /// One more frame is to come: its motion is guessed from that of two others known already, at
    /// a + share * (b - a); without a or b, a frame with no motion stands for it.
    void expect(std::optional<std::size_t> a, std::optional<std::size_t> b, double share);
    /// Fits the motion of the frame expected last, now that its tracks are there.
    void fitLast(const PointTracks& tracks);
    /// Fits everything to all tracks once more.
    void refine(const PointTracks& tracks);

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
    void fitMotion(const PointTracks& tracks, std::size_t other, bool parallax, double tolerance);
    void fitMotions(const PointTracks& tracks, bool parallax, double tolerance);
    void fitNearness(const PointTracks& tracks, double tolerance);
    void rate(const PointTracks& tracks);

    cv::Point2f m_centre;
    std::vector<Motion> m_motion;
    std::vector<bool> m_known;
    std::vector<float> m_nearness;
};

/// Values of nearness that cover the tracked points and a little more, rising, evenly apart: a
/// point moves by `step` pixels from one to the next in a typical frame, more when they would be
/// too many.
std::vector<float> nearnessLevels(const ParallaxModel& model, float step, std::size_t most);

/// Per level, what speaks against it near each place: nothing when enough of the points round
/// there, the nearest ones counting most, have that nearness, up to `cost` when none has. uint8,
/// one value per 8 x 8 pixels of the region.
std::vector<cv::Mat> lackNearby(const std::vector<float>& levels,
                                const std::vector<cv::Point2f>& points, const ParallaxModel& model,
                                cv::Rect region, double cost);

} // namespace strata
