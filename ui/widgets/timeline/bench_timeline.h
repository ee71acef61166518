// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata::ui {

/// Frames a second of one processor core: time that other programs take does not count.
struct TimelineBench {
    double fullRepaintsPerSecond = 0; // everything drawn anew, as when zooming or scrolling
    double playheadMovesPerSecond = 0;
};

/// Draws a clip of 20,000 frames with 200 markers, confidence, cache ranges, sound and eight tracks
/// in a window of 1600 x 400 points. Needs a QApplication; takes two seconds
/// of processor time.
TimelineBench benchTimeline();

} // namespace strata::ui
