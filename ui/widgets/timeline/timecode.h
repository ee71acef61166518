// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"

#include <QString>

namespace strata::ui {

/// SMPTE timecode of frames counted from 0. At 30000/1001 and its multiples the numbers of two
/// frames (four at twice the rate…) are left out at the start of every minute that is not a tenth,
/// so that the code keeps up with the clock (SMPTE ST 12-1); `;` then stands before the frames.
/// Other rates count at the nearest whole rate.
class Timecode {
public:
    explicit Timecode(Rational framesPerSecond);

    int nominalRate() const { return m_nominal; }
    bool dropsFrames() const { return m_dropped > 0; }

    /// HH:MM:SS:FF; hours run on past 24. `frame` >= 0.
    QString text(std::int64_t frame) const;
    /// The first frame that has this second of the code.
    std::int64_t firstFrameOf(std::int64_t second) const;
    /// The second of the code that a frame has.
    std::int64_t secondOf(std::int64_t frame) const;
    /// The number after the last colon.
    int frameNumberOf(std::int64_t frame) const;

private:
    /// The number a frame has when those left out are counted as well.
    std::int64_t numbered(std::int64_t frame) const;

    int m_nominal;
    int m_dropped; // frame numbers left out a minute
};

} // namespace strata::ui
