// SPDX-License-Identifier: Apache-2.0
// Mouse, wheel and keys.
#include "ui/widgets/timeline/timeline_private.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTimerEvent>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace strata::ui {

using Private = TimelineWidget::Private;

TimelineHit Private::hit(QPoint point) const { return timelineHit(model, layout, scale(), point); }

bool Private::snapsWith(Qt::KeyboardModifiers modifiers) const {
    return snapping != modifiers.testFlag(Qt::ShiftModifier);
}

void TimelineWidget::mousePressEvent(QMouseEvent* event) {
    const QPoint point = event->position().toPoint();
    if (event->button() == Qt::MiddleButton) {
        d->panning = true;
        d->panPoint = point;
        viewport()->setCursor(Qt::ClosedHandCursor);
        return;
    }
    if (event->button() != Qt::LeftButton || d->drag.active())
        return;
    d->closeNameEditor(true);
    const TimelineHit hit = d->hit(point);
    if (hit.part == TimelinePart::Track || hit.part == TimelinePart::TrackHeader)
        Q_EMIT trackSelected(hit.id);
    ++d->gesture;
    d->dragPoint = point;
    const auto step =
        d->drag.press(d->model, hit, d->scale(), point.x(), d->snapsWith(event->modifiers()));
    d->selectMarker(d->drag.marker());
    if (d->drag.state() == TimelineDrag::State::Playhead)
        Q_EMIT scrubStarted();
    if (step)
        d->apply(*step);
}

void TimelineWidget::mouseMoveEvent(QMouseEvent* event) {
    const QPoint point = event->position().toPoint();
    if (d->panning) {
        const QPoint moved = d->panPoint - point;
        d->panPoint = point;
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + moved.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() + moved.y());
    } else if (d->drag.active()) {
        d->dragTo(point, event->modifiers());
    } else {
        d->updateCursor(point);
    }
}

void TimelineWidget::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::MiddleButton && std::exchange(d->panning, false))
        d->updateCursor(event->position().toPoint());
    if (event->button() == Qt::LeftButton && d->drag.active())
        d->finishDrag();
}

void TimelineWidget::mouseDoubleClickEvent(QMouseEvent* event) {
    const TimelineHit hit = d->hit(event->position().toPoint());
    if (event->button() == Qt::LeftButton && hit.part == TimelinePart::Marker)
        editMarkerName(hit.id);
    else
        mousePressEvent(event); // quick clicks are clicks
}

void Private::dragTo(QPoint point, Qt::KeyboardModifiers modifiers) {
    dragPoint = point;
    if (const auto step = drag.move(scale(), point.x(), snapsWith(modifiers)))
        apply(*step);
    const QRect content = layout.content();
    const bool outside = point.x() < content.x() || point.x() >= content.x() + content.width();
    if (outside && !autoScrollTimer.isActive())
        autoScrollTimer.start(30, q);
    else if (!outside)
        autoScrollTimer.stop();
}

void Private::finishDrag() {
    const bool scrubbing = drag.state() == TimelineDrag::State::Playhead;
    autoScrollTimer.stop();
    if (const auto step = drag.release())
        apply(*step);
    if (scrubbing)
        Q_EMIT q->scrubFinished();
}

/// The farther the pointer is outside, the faster.
void Private::autoScroll() {
    const QRect content = layout.content();
    const int right = content.x() + content.width();
    const int past = dragPoint.x() < content.x() ? dragPoint.x() - content.x()
                     : dragPoint.x() >= right    ? dragPoint.x() - right + 1
                                                 : 0;
    QScrollBar* bar = q->horizontalScrollBar();
    bar->setValue(bar->value() + std::clamp(past, -200, 200) / 3 + (past > 0) - (past < 0));
    if (const auto step = drag.move(scale(), dragPoint.x(), snapping))
        apply(*step);
}

void TimelineWidget::timerEvent(QTimerEvent* event) {
    if (event->timerId() == d->autoScrollTimer.timerId())
        d->autoScroll();
    else
        QAbstractScrollArea::timerEvent(event);
}

void Private::updateCursor(QPoint point) {
    switch (hit(point).part) {
    case TimelinePart::InHandle:
    case TimelinePart::OutHandle:
        return q->viewport()->setCursor(Qt::SizeHorCursor);
    case TimelinePart::Marker:
        return q->viewport()->setCursor(Qt::PointingHandCursor);
    default:
        return q->viewport()->unsetCursor();
    }
}

/// Ctrl zooms at the pointer, Shift scrolls the tracks; without either the wheel goes along the
/// clip.
void TimelineWidget::wheelEvent(QWheelEvent* event) {
    const QPoint turned = event->angleDelta();
    const int along = turned.y() != 0 ? turned.y() : turned.x();
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        d->zoomAround(d->pointsPerFrame * std::pow(1.25, along / 120.0), event->position().x());
    } else {
        const bool tracks = event->modifiers().testFlag(Qt::ShiftModifier);
        QScrollBar* bar = tracks ? verticalScrollBar() : horizontalScrollBar();
        const int unit = tracks ? TimelineLayout::kTrackHeight : 60;
        // A touch pad sends small turns; what is less than a point is kept for the next.
        const int whole = along * unit + d->wheelRest;
        d->wheelRest = whole % 120;
        bar->setValue(bar->value() - whole / 120);
    }
    event->accept();
}

bool Private::pressKey(int key, Qt::KeyboardModifiers modifiers) {
    const int frames = modifiers.testFlag(Qt::ShiftModifier) ? 10 : 1;
    switch (key) {
    case Qt::Key_Left:
        return q->step(-frames), true;
    case Qt::Key_Right:
        return q->step(frames), true;
    case Qt::Key_Home:
        return q->goToStart(), true;
    case Qt::Key_End:
        return q->goToEnd(), true;
    case Qt::Key_Up:
        return q->goToPreviousMarker(), true;
    case Qt::Key_Down:
        return q->goToNextMarker(), true;
    case Qt::Key_I:
        return q->markIn(), true;
    case Qt::Key_O:
        return q->markOut(), true;
    case Qt::Key_X:
        return q->clearInOut(), true;
    case Qt::Key_M:
        return q->addMarker(), true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return removeSelectedMarker(), true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return q->zoomIn(), true;
    case Qt::Key_Minus:
        return q->zoomOut(), true;
    case Qt::Key_0:
        return q->zoomToFit(), true;
    case Qt::Key_Z:
        return q->zoomToInOut(), true;
    case Qt::Key_S:
        return q->setSnapping(!snapping), true;
    case Qt::Key_F2:
        return q->editMarkerName(selectedMarker), true;
    default:
        return false;
    }
}

void TimelineWidget::keyPressEvent(QKeyEvent* event) {
    const auto others =
        event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
    if (event->key() == Qt::Key_Escape && d->drag.active())
        d->cancelDrag();
    else if (others || !d->pressKey(event->key(), event->modifiers()))
        event->ignore(); // not to the scroll area, which would scroll with the arrow keys
}

} // namespace strata::ui
