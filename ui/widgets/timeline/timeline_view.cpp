// SPDX-License-Identifier: Apache-2.0
// Zoom, scrolling and what is drawn anew.
#include "ui/widgets/timeline/timeline_private.h"

#include "ui/widgets/timeline/timecode.h"

#include <QLineEdit>
#include <QResizeEvent>
#include <QScrollBar>

#include <cmath>
#include <limits>

namespace strata::ui {

using Private = TimelineWidget::Private;

RulerScale Private::scale() const {
    return {pointsPerFrame, double(TimelineLayout::kHeaderWidth + kMargin),
            double(q->horizontalScrollBar()->value())};
}

TimelineRows Private::rows() const {
    return {bool(media.thumbnail), bool(media.sound), int(model.tracks.size())};
}

double Private::fitZoom() const {
    const double width = std::max(layout.content().width() - 2.0 * kMargin, 1.0);
    return width / double(std::max<std::int64_t>(model.frameCount, 1));
}

double Private::clampedZoom(double zoom) const {
    // A scroll bar counts in int.
    const double frames = double(std::max<std::int64_t>(model.frameCount, 1));
    const double highest = std::min(kMaxZoom, double(std::numeric_limits<int>::max()) / 2 / frames);
    return std::clamp(zoom, std::min(fitZoom(), highest), highest);
}

double TimelineWidget::zoom() const { return d->pointsPerFrame; }

void Private::updateScrollBars() {
    const double page = layout.content().width();
    const double whole = double(model.frameCount) * pointsPerFrame + 2.0 * kMargin;
    QScrollBar* bar = q->horizontalScrollBar();
    bar->setRange(0, std::max(0, int(std::ceil(whole - page))));
    bar->setPageStep(std::max(1, int(page)));
    bar->setSingleStep(std::max(20, int(pointsPerFrame)));
    const int tracks = layout.row(TimelineRow::Tracks).height();
    q->verticalScrollBar()->setRange(0, std::max(0, layout.tracksHeight() - tracks));
    q->verticalScrollBar()->setPageStep(std::max(1, tracks));
    q->verticalScrollBar()->setSingleStep(TimelineLayout::kTrackHeight);
}

void Private::relayout() {
    const QSize size = q->viewport()->size();
    layout = {size, rows(), 0};
    const double before = pointsPerFrame;
    pointsPerFrame = fitted ? clampedZoom(fitZoom()) : clampedZoom(pointsPerFrame);
    updateScrollBars();
    layout = {size, rows(), q->verticalScrollBar()->value()};
    if (nameEditor)
        placeNameEditor();
    if (pointsPerFrame != before)
        Q_EMIT q->zoomChanged(pointsPerFrame);
}

void Private::zoomAround(double zoom, double x) {
    const double frame = scale().exactFrame(x);
    const double before = pointsPerFrame;
    pointsPerFrame = clampedZoom(zoom);
    fitted = pointsPerFrame <= fitZoom();
    if (pointsPerFrame == before)
        return;
    updateScrollBars();
    scrollTo(kMargin + frame * pointsPerFrame - (x - TimelineLayout::kHeaderWidth));
    allDirty();
    Q_EMIT q->zoomChanged(pointsPerFrame);
}

double Private::zoomCenter() const {
    const QRect content = layout.content();
    const double playhead = scale().x(double(model.currentFrame));
    const bool seen = playhead >= content.x() && playhead < content.x() + content.width();
    return seen ? playhead : content.x() + content.width() / 2.0;
}

void Private::scrollTo(double contentX) {
    q->horizontalScrollBar()->setValue(int(std::lround(std::clamp(contentX, 0.0, 1e9 * 2))));
}

void Private::reveal(std::int64_t frame) {
    const QRect content = layout.content();
    const double x = scale().x(double(frame));
    if (x < content.x() || x + pointsPerFrame > content.x() + content.width())
        scrollTo(kMargin + double(frame) * pointsPerFrame - content.width() * 0.1);
}

void TimelineWidget::setZoom(double pointsPerFrame) {
    d->zoomAround(pointsPerFrame, d->zoomCenter());
}

void TimelineWidget::zoomIn() { setZoom(d->pointsPerFrame * 1.5); }
void TimelineWidget::zoomOut() { setZoom(d->pointsPerFrame / 1.5); }
void TimelineWidget::zoomToFit() { setZoom(d->fitZoom()); }
void TimelineWidget::zoomToInOut() { zoomToRange(effectiveInOut(d->model)); }

void TimelineWidget::zoomToRange(FrameRange range) {
    if (range.empty())
        return;
    const double width = d->layout.content().width() - 2.0 * Private::kMargin;
    d->zoomAround(width / double(range.size()), d->zoomCenter());
    const double center = double(range.begin + range.end) / 2 * d->pointsPerFrame;
    d->scrollTo(Private::kMargin + center - d->layout.content().width() / 2.0);
}

void Private::dirty(std::span<const TimelineRow> changed) {
    for (const TimelineRow row : changed) {
        pictures[std::size_t(row)].valid = false;
        q->viewport()->update(layout.row(row) | layout.header(row));
    }
}

void Private::allDirty() {
    for (RowPicture& picture : pictures)
        picture.valid = false;
    q->viewport()->update();
}

void Private::showFrame(std::int64_t frame) {
    frame = clampedFrame(model, frame);
    if (frame == model.currentFrame)
        return;
    q->viewport()->update(playheadStrip(layout, scale(), model.currentFrame));
    model.currentFrame = frame;
    q->viewport()->update(playheadStrip(layout, scale(), frame));
    q->viewport()->update(timecodePlace(layout));
    if (followsPlayhead && !drag.active())
        reveal(frame);
    describe();
}

void TimelineWidget::Private::describe() {
    q->setAccessibleDescription(tr("Frame %1 of %2, %3")
                                    .arg(model.currentFrame)
                                    .arg(model.frameCount)
                                    .arg(q->currentTimecode()));
}

void TimelineWidget::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    d->relayout();
    d->allDirty();
}

void TimelineWidget::scrollContentsBy(int dx, int dy) {
    if (dy != 0) {
        d->layout = {viewport()->size(), d->rows(), verticalScrollBar()->value()};
        d->dirty(std::array{TimelineRow::Tracks});
    }
    if (dx != 0)
        d->allDirty();
    if (d->nameEditor)
        d->placeNameEditor();
}

} // namespace strata::ui
