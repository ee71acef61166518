// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/timeline/timeline_model.h"

namespace strata::ui {

/// What is dragged does not stick to itself.
enum class SnapFor { Playhead, InOut, Marker };

/// Frames that a drag sticks to, rising: both ends of the clip, in and out, the markers but
/// `exceptMarker`, and the playhead. The playhead sticks to the last frame before an end, in and
/// out to the border after it.
std::vector<std::int64_t> snapTargets(const TimelineModel& model, SnapFor what,
                                      std::int64_t exceptMarker = -1);

/// The target nearest to `exactFrame`, if one is within `reach` frames; else `frame`.
std::int64_t snapped(std::int64_t frame, double exactFrame, double reach,
                     const std::vector<std::int64_t>& targets);

} // namespace strata::ui
