// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata::ui {

struct TimelineBench {
    double fullRepaintsPerSecond = 0; // everything drawn anew, as when zooming or scrolling
    double playheadMovesPerSecond = 0;
};

/// Draws a clip of 20,000 frames with 200 markers, confidence, cache ranges, sound and eight tracks
/// in a window of 1600 x 400 points. Needs a QApplication; takes about two seconds.
TimelineBench benchTimeline();

} // namespace strata::ui
