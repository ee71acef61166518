// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"
#include "ui/widgets/timeline/timecode.h"

#include <vector>

namespace strata::ui {

/// Frames to x and back. Frame f covers [x(f), x(f + 1)); x counts points from the left edge of the
/// widget.
class RulerScale {
public:
    /// `origin`: where the content starts on screen; `scroll`: points of it that are left of there.
    RulerScale(double pointsPerFrame, double origin, double scroll)
        : m_pointsPerFrame(pointsPerFrame)
        , m_left(origin - scroll) {}

    double pointsPerFrame() const { return m_pointsPerFrame; }
    double x(double frame) const { return m_left + frame * m_pointsPerFrame; }
    double exactFrame(double x) const { return (x - m_left) / m_pointsPerFrame; }
    /// The frame drawn at x; may be outside the clip.
    std::int64_t frameAt(double x) const;
    /// The border between frames nearest to x; border b is left of frame b.
    std::int64_t borderAt(double x) const;
    /// The frames that [left, right) shows, cut ones included.
    FrameRange frames(double left, double right) const;

private:
    double m_pointsPerFrame;
    double m_left;
};

struct Tick {
    std::int64_t frame = 0;
    bool labelled = false;
    bool operator==(const Tick&) const = default;
};

/// Marks of the ruler for `visible`, rising. Labelled ones stand on whole timecode values, at least
/// `labelWidth` points apart, with as many between them as leave four points each.
std::vector<Tick> rulerTicks(const Timecode& timecode, FrameRange visible, double pointsPerFrame,
                             double labelWidth);

/// The number of frames from one thumbnail to the next, so that they stand close without a gap: the
/// largest 2^k or 3 x 2^k that keeps a picture's place no wider than the picture (at least 1).
/// Steps of this kind have most of their frames in common, so zooming keeps the pictures there are.
std::int64_t thumbnailStep(double pointsPerFrame, double thumbnailWidth);

} // namespace strata::ui
