// SPDX-License-Identifier: Apache-2.0
// What keys, menus and drags do.
#include "ui/widgets/timeline/timeline_private.h"

namespace strata::ui {

using Private = TimelineWidget::Private;

void Private::request(std::int64_t frame) {
    frame = clampedFrame(model, frame);
    if (frame == model.currentFrame || model.frameCount <= 0)
        return;
    showFrame(frame);
    Q_EMIT q->frameRequested(frame);
}

void Private::changeInOut(FrameRange range) {
    if (range != model.inOut && model.frameCount > 0)
        Q_EMIT q->inOutChanged(range, ++gesture);
}

void Private::apply(const DragStep& step) {
    switch (step.kind) {
    case DragStep::Kind::Frame:
        return request(step.frame);
    case DragStep::Kind::InOut:
        Q_EMIT q->inOutChanged(step.inOut, gesture);
        return;
    case DragStep::Kind::Marker:
        Q_EMIT q->markerMoved(step.marker, step.frame, gesture);
        return;
    }
}

void Private::cancelDrag() {
    const bool scrubbing = drag.state() == TimelineDrag::State::Playhead;
    if (const auto step = drag.cancel())
        apply(*step);
    autoScrollTimer.stop();
    if (scrubbing)
        Q_EMIT q->scrubFinished();
}

void Private::selectMarker(std::int64_t id) {
    if (id == selectedMarker)
        return;
    selectedMarker = id;
    dirty(std::array{TimelineRow::Markers});
}

void Private::removeSelectedMarker() {
    if (findMarker(model, selectedMarker))
        Q_EMIT q->markerRemoved(selectedMarker);
}

void TimelineWidget::markIn() {
    const FrameRange range = effectiveInOut(d->model);
    const std::int64_t frame = d->model.currentFrame;
    d->changeInOut({frame, range.end > frame ? range.end : d->model.frameCount});
}

void TimelineWidget::markOut() {
    const FrameRange range = effectiveInOut(d->model);
    const std::int64_t end = d->model.currentFrame + 1;
    d->changeInOut({range.begin < end ? range.begin : 0, end});
}

void TimelineWidget::clearInOut() { d->changeInOut({}); }

void TimelineWidget::addMarker() {
    if (d->model.frameCount <= 0)
        return;
    for (const TimelineMarker& marker : d->model.markers)
        if (marker.frame == d->model.currentFrame)
            return editMarkerName(marker.id); // a second one there would hide the first
    Q_EMIT markerAdded(d->model.currentFrame);
}

void TimelineWidget::goToPreviousMarker() {
    if (const TimelineMarker* marker = markerBefore(d->model, d->model.currentFrame)) {
        d->selectMarker(marker->id);
        d->request(marker->frame);
    }
}

void TimelineWidget::goToNextMarker() {
    if (const TimelineMarker* marker = markerAfter(d->model, d->model.currentFrame)) {
        d->selectMarker(marker->id);
        d->request(marker->frame);
    }
}

void TimelineWidget::step(int frames) { d->request(d->model.currentFrame + frames); }
void TimelineWidget::goToStart() { d->request(0); }
void TimelineWidget::goToEnd() { d->request(d->model.frameCount - 1); }

} // namespace strata::ui
