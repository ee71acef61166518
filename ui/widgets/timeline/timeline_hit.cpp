// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_hit.h"

#include <cmath>

namespace strata::ui {
namespace {

constexpr double kHandleReach = 7.0; // points
constexpr double kMarkerReach = 6.0;

/// The nearest marker within reach of its flag.
const TimelineMarker* markerAt(const TimelineModel& model, const RulerScale& scale, double x) {
    const TimelineMarker* nearest = nullptr;
    double distance = kMarkerReach;
    for (const TimelineMarker& marker : model.markers)
        if (const double d = std::abs(scale.x(double(marker.frame)) - x); d <= distance) {
            nearest = &marker;
            distance = d;
        }
    return nearest;
}

/// The handles stand outside the range, so that both can be taken however short it is.
TimelinePart handleAt(const TimelineModel& model, const RulerScale& scale, double x) {
    const FrameRange range = effectiveInOut(model);
    const double in = scale.x(double(range.begin));
    const double out = scale.x(double(range.end));
    const double toIn = std::abs(in - x);
    const double toOut = std::abs(out - x);
    if (std::min(toIn, toOut) > kHandleReach || range.empty())
        return TimelinePart::Frames;
    return x < (in + out) / 2 ? TimelinePart::InHandle : TimelinePart::OutHandle;
}

} // namespace

FrameRange effectiveInOut(const TimelineModel& model) {
    const FrameRange clip{0, model.frameCount};
    const FrameRange range = model.inOut.intersected(clip);
    return range.empty() ? clip : range;
}

std::int64_t clampedFrame(const TimelineModel& model, std::int64_t frame) {
    return std::clamp<std::int64_t>(frame, 0, std::max<std::int64_t>(model.frameCount - 1, 0));
}

const TimelineMarker* findMarker(const TimelineModel& model, std::int64_t id) {
    for (const TimelineMarker& marker : model.markers)
        if (marker.id == id)
            return &marker;
    return nullptr;
}

const TimelineTrack* findTrack(const TimelineModel& model, std::int64_t id) {
    for (const TimelineTrack& track : model.tracks)
        if (track.id == id)
            return &track;
    return nullptr;
}

const TimelineMarker* markerBefore(const TimelineModel& model, std::int64_t frame) {
    const TimelineMarker* best = nullptr;
    for (const TimelineMarker& marker : model.markers)
        if (marker.frame < frame && (!best || marker.frame > best->frame))
            best = &marker;
    return best;
}

const TimelineMarker* markerAfter(const TimelineModel& model, std::int64_t frame) {
    const TimelineMarker* best = nullptr;
    for (const TimelineMarker& marker : model.markers)
        if (marker.frame > frame && (!best || marker.frame < best->frame))
            best = &marker;
    return best;
}

TimelineHit timelineHit(const TimelineModel& model, const TimelineLayout& layout,
                        const RulerScale& scale, QPoint point) {
    TimelineHit hit;
    for (const TimelineRow row : kTimelineRows)
        if (const QRect r = layout.row(row); point.y() >= r.y() && point.y() < r.y() + r.height())
            hit.row = row;
    const int track = layout.trackAt(point.y());
    if (track >= 0)
        hit.id = model.tracks[std::size_t(track)].id;
    if (point.x() < TimelineLayout::kHeaderWidth) {
        hit.part = track >= 0 ? TimelinePart::TrackHeader : TimelinePart::Nothing;
        return hit;
    }
    if (model.frameCount <= 0)
        return hit;

    hit.frame = clampedFrame(model, scale.frameAt(point.x()));
    hit.part = track >= 0 ? TimelinePart::Track : TimelinePart::Frames;
    if (hit.row == TimelineRow::Range)
        hit.part = handleAt(model, scale, point.x());
    if (hit.row == TimelineRow::Markers)
        if (const TimelineMarker* marker = markerAt(model, scale, point.x())) {
            hit.part = TimelinePart::Marker;
            hit.id = marker->id;
        }
    return hit;
}

} // namespace strata::ui
