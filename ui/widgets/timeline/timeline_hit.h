// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/timeline/ruler_scale.h"
#include "ui/widgets/timeline/timeline_layout.h"
#include "ui/widgets/timeline/timeline_model.h"

#include <QPoint>

namespace strata::ui {

/// What is played and rendered: the model's range, or the whole clip.
FrameRange effectiveInOut(const TimelineModel& model);

/// `frame` moved into the clip; 0 for an empty one.
std::int64_t clampedFrame(const TimelineModel& model, std::int64_t frame);

const TimelineMarker* findMarker(const TimelineModel& model, std::int64_t id);
const TimelineTrack* findTrack(const TimelineModel& model, std::int64_t id);
/// Nearest marker before or after a frame; nullptr when there is none.
const TimelineMarker* markerBefore(const TimelineModel& model, std::int64_t frame);
const TimelineMarker* markerAfter(const TimelineModel& model, std::int64_t frame);

enum class TimelinePart { Nothing, Frames, InHandle, OutHandle, Marker, TrackHeader, Track };

/// What is under a point.
struct TimelineHit {
    TimelinePart part = TimelinePart::Nothing;
    TimelineRow row = TimelineRow::Tracks;
    std::int64_t id = -1;    // of the marker or track
    std::int64_t frame = -1; // drawn there, within the clip; -1 in the header
};

TimelineHit timelineHit(const TimelineModel& model, const TimelineLayout& layout,
                        const RulerScale& scale, QPoint point);

} // namespace strata::ui
