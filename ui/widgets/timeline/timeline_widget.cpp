// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_widget.h"

#include "ui/widgets/timeline/timecode.h"
#include "ui/widgets/timeline/timeline_private.h"

#include <QEvent>
#include <QScrollBar>

#include <utility>

namespace strata::ui {

TimelineWidget::TimelineWidget(QWidget* parent)
    : QAbstractScrollArea(parent)
    , d(std::make_unique<Private>(this)) {
    setObjectName("timeline");
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // rows must not jump when zooming
    setAccessibleName(tr("Timeline"));
    horizontalScrollBar()->setAccessibleName(tr("Timeline position"));
    verticalScrollBar()->setAccessibleName(tr("Timeline tracks"));
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    d->relayout();
    d->describe();
}

TimelineWidget::~TimelineWidget() = default;

const TimelineModel& TimelineWidget::model() const { return d->model; }

void TimelineWidget::setModel(TimelineModel model) {
    const bool sameClip = model.frameCount == d->model.frameCount && model.rate == d->model.rate;
    if (!sameClip)
        d->cancelDrag();
    const std::int64_t held = d->model.currentFrame;
    d->model = std::move(model);
    d->model.frameCount = std::max<std::int64_t>(d->model.frameCount, 0);
    const bool scrubbing = d->drag.state() == TimelineDrag::State::Playhead;
    d->model.currentFrame = clampedFrame(d->model, scrubbing ? held : d->model.currentFrame);
    if (!findMarker(d->model, d->selectedMarker))
        d->selectedMarker = -1;
    d->wantedThumbnails.clear();
    d->fitted = d->fitted || !sameClip;
    d->relayout();
    d->allDirty();
    d->describe();
}

void TimelineWidget::setMedia(TimelineMedia media) {
    d->media = std::move(media);
    d->wantedThumbnails.clear();
    d->relayout();
    d->allDirty();
}

void TimelineWidget::setCurrentFrame(qint64 frame) {
    if (d->drag.state() != TimelineDrag::State::Playhead)
        d->showFrame(frame);
}

void TimelineWidget::setInOut(FrameRange inOut) {
    if (inOut == d->model.inOut)
        return;
    d->model.inOut = inOut;
    d->dirty(std::array{TimelineRow::Range});
    viewport()->update(); // the dimmed part
}

void TimelineWidget::setLoop(bool loop) {
    d->model.loop = loop;
    d->dirty(std::array{TimelineRow::Range});
}

void TimelineWidget::setMarkers(std::vector<TimelineMarker> markers) {
    if (markers == d->model.markers)
        return;
    d->model.markers = std::move(markers);
    if (!findMarker(d->model, d->selectedMarker))
        d->selectedMarker = -1;
    d->allDirty(); // a marker's line runs through every row
}

void TimelineWidget::setTracks(std::vector<TimelineTrack> tracks) {
    const bool moved = tracks.size() != d->model.tracks.size();
    d->model.tracks = std::move(tracks);
    if (moved)
        d->relayout();
    d->dirty(std::array{TimelineRow::Tracks});
}

void TimelineWidget::setSelectedTrack(qint64 id) {
    if (id == d->model.selectedTrack)
        return;
    d->model.selectedTrack = id;
    d->dirty(std::array{TimelineRow::Tracks});
}

void TimelineWidget::setConfidence(std::vector<float> confidence) {
    d->model.confidence = std::move(confidence);
    d->dirty(std::array{TimelineRow::Confidence});
}

void TimelineWidget::setCache(std::vector<CacheRange> cache) {
    if (cache == d->model.cache)
        return;
    d->model.cache = std::move(cache);
    d->dirty(std::array{TimelineRow::Cache});
}

QString TimelineWidget::currentTimecode() const {
    return Timecode(d->model.rate).text(d->model.currentFrame);
}

bool TimelineWidget::snapping() const { return d->snapping; }

void TimelineWidget::setSnapping(bool on) {
    if (std::exchange(d->snapping, on) != on)
        Q_EMIT snappingChanged(on);
}

void TimelineWidget::setFollowsPlayhead(bool follows) { d->followsPlayhead = follows; }

void TimelineWidget::refreshThumbnails() { d->dirty(std::array{TimelineRow::Thumbnails}); }
void TimelineWidget::refreshSound() { d->dirty(std::array{TimelineRow::Sound}); }

QSize TimelineWidget::sizeHint() const {
    return {1000,
            TimelineLayout::fullHeight(d->rows()) + horizontalScrollBar()->sizeHint().height()};
}

QSize TimelineWidget::minimumSizeHint() const { return {TimelineLayout::kHeaderWidth + 200, 130}; }

void TimelineWidget::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange || event->type() == QEvent::LanguageChange)
        d->allDirty();
}

} // namespace strata::ui
