// SPDX-License-Identifier: Apache-2.0
// Context menu, tool tips and the field for a marker's name.
#include "ui/widgets/timeline/timeline_private.h"

#include "ui/theme/icons.h"
#include "ui/widgets/timeline/timecode.h"

#include <QContextMenuEvent>
#include <QCoreApplication>
#include <QHelpEvent>
#include <QLineEdit>
#include <QMenu>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace strata::ui {

namespace {

struct NamedColor {
    const char* name;
    QRgb color; // readable on both themes' grounds
};
constexpr NamedColor kMarkerColors[] = {
    {QT_TRANSLATE_NOOP("Timeline", "Red"), 0xffd9534a},
    {QT_TRANSLATE_NOOP("Timeline", "Orange"), 0xffd9812b},
    {QT_TRANSLATE_NOOP("Timeline", "Green"), 0xff3d9e5f},
    {QT_TRANSLATE_NOOP("Timeline", "Blue"), 0xff3d86d6},
    {QT_TRANSLATE_NOOP("Timeline", "Violet"), 0xff9566cc},
};

void addColors(QMenu* menu, TimelineWidget* timeline, std::int64_t marker) {
    const auto add = [&](const QString& name, const QColor& color, const QColor& shown) {
        QObject::connect(
            menu->addAction(themeIcon(Icon::Marker, shown), name), &QAction::triggered, timeline,
            [timeline, marker, color] { Q_EMIT timeline->markerRecolored(marker, color); });
    };
    add(TimelineWidget::tr("Default"), QColor(), themeColors(timeline->palette()).marker);
    for (const NamedColor& named : kMarkerColors)
        add(QCoreApplication::translate("Timeline", named.name), QColor(named.color),
            QColor(named.color));
}

void addMarkerActions(QMenu* menu, TimelineWidget* timeline, std::int64_t marker) {
    menu->addAction(TimelineWidget::tr("Rename…"), timeline,
                    [timeline, marker] { timeline->editMarkerName(marker); });
    addColors(menu->addMenu(TimelineWidget::tr("Color")), timeline, marker);
    menu->addAction(themeIcon(Icon::Trash), TimelineWidget::tr("Delete marker"), timeline,
                    [timeline, marker] { Q_EMIT timeline->markerRemoved(marker); });
}

void addCheckable(QMenu* menu, const QString& text, bool checked, auto&& toggled) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(checked);
    QObject::connect(action, &QAction::toggled, menu, std::forward<decltype(toggled)>(toggled));
}

QString cacheText(CacheState state) {
    switch (state) {
    case CacheState::Decoded:
        return TimelineWidget::tr("decoded");
    case CacheState::Decomposed:
        return TimelineWidget::tr("decomposed");
    case CacheState::Rendered:
        break;
    }
    return TimelineWidget::tr("rendered");
}

/// What the cache holds of a frame; empty for nothing.
QString cacheTextAt(const TimelineModel& model, std::int64_t frame) {
    const CacheRange* best = nullptr;
    for (const CacheRange& range : model.cache)
        if (range.frames.contains(frame) && (!best || range.state > best->state))
            best = &range;
    return best ? cacheText(best->state) : QString();
}

} // namespace

void TimelineWidget::Private::showMenu(QPoint point, QPoint global) {
    const TimelineHit at = hit(point);
    auto* menu = new QMenu(q);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (at.part == TimelinePart::Marker) {
        selectMarker(at.id);
        addMarkerActions(menu, q, at.id);
        menu->addSeparator();
    } else if (at.frame >= 0) {
        menu->addAction(themeIcon(Icon::Marker), tr("Add marker here"), q,
                        [this, frame = at.frame] { Q_EMIT q->markerAdded(frame); });
    }
    if (at.frame >= 0) {
        const FrameRange range = effectiveInOut(model);
        menu->addAction(themeIcon(Icon::MarkIn), tr("Set in here"), q,
                        [this, frame = at.frame, end = range.end] {
                            changeInOut({frame, end > frame ? end : model.frameCount});
                        });
        menu->addAction(themeIcon(Icon::MarkOut), tr("Set out here"), q,
                        [this, frame = at.frame, begin = range.begin] {
                            changeInOut({begin <= frame ? begin : 0, frame + 1});
                        });
        menu->addAction(tr("Clear in and out"), q, &TimelineWidget::clearInOut);
        menu->addSeparator();
    }
    addCheckable(menu, tr("Loop"), model.loop, [this](bool on) { Q_EMIT q->loopToggled(on); });
    addCheckable(menu, tr("Snapping"), snapping, [this](bool on) { q->setSnapping(on); });
    menu->addSeparator();
    menu->addAction(themeIcon(Icon::ZoomFit), tr("Show all"), q, &TimelineWidget::zoomToFit);
    menu->addAction(tr("Show in to out"), q, &TimelineWidget::zoomToInOut);
    menu->popup(global);
}

void TimelineWidget::contextMenuEvent(QContextMenuEvent* event) {
    if (!d->drag.active())
        d->showMenu(event->pos(), event->globalPos());
}

QString TimelineWidget::Private::toolTip(QPoint point) const {
    const TimelineHit at = hit(point);
    const Timecode timecode(model.rate);
    if (at.part == TimelinePart::Marker)
        if (const TimelineMarker* marker = findMarker(model, at.id))
            return tr("%1\n%2, frame %3")
                .arg(marker->name.isEmpty() ? tr("Marker") : marker->name,
                     timecode.text(marker->frame))
                .arg(marker->frame);
    if (at.part == TimelinePart::TrackHeader)
        if (const TimelineTrack* track = findTrack(model, at.id))
            return track->name;
    if (at.frame < 0)
        return {};
    const QString place = tr("%1, frame %2").arg(timecode.text(at.frame)).arg(at.frame);
    if (at.row == TimelineRow::Cache) {
        const QString state = cacheTextAt(model, at.frame);
        return tr("Cache: %1\n%2").arg(state.isEmpty() ? tr("nothing yet") : state, place);
    }
    if (at.row == TimelineRow::Confidence) {
        const float confidence = lowestConfidence(model.confidence, {at.frame, at.frame + 1});
        return tr("Confidence: %1\n%2")
            .arg(confidence < 0 ? tr("not known yet") : QString::number(confidence, 'f', 2), place);
    }
    if (at.part == TimelinePart::Track)
        if (const TimelineTrack* track = findTrack(model, at.id))
            if (std::binary_search(track->painted.begin(), track->painted.end(), at.frame))
                return tr("Mended with the brush\n%1").arg(place);
    return place;
}

bool TimelineWidget::viewportEvent(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), d->toolTip(help->pos()), viewport());
    return true;
}

void TimelineWidget::editMarkerName(qint64 id) {
    const TimelineMarker* marker = findMarker(d->model, id);
    if (!marker)
        return;
    d->closeNameEditor(true);
    d->cancelDrag();
    d->reveal(marker->frame);
    d->editedMarker = id;
    d->nameEditor = new QLineEdit(marker->name, viewport());
    d->nameEditor->setAccessibleName(tr("Name of the marker"));
    d->nameEditor->setMaxLength(200);
    d->nameEditor->selectAll();
    d->placeNameEditor();
    d->nameEditor->show();
    d->nameEditor->setFocus();
    connect(d->nameEditor, &QLineEdit::editingFinished, this, [this] { d->closeNameEditor(true); });
    d->nameEditor->installEventFilter(this);
}

bool TimelineWidget::eventFilter(QObject* object, QEvent* event) {
    if (object == d->nameEditor && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        d->closeNameEditor(false);
        return true;
    }
    return QAbstractScrollArea::eventFilter(object, event);
}

void TimelineWidget::Private::placeNameEditor() {
    const TimelineMarker* marker = findMarker(model, editedMarker);
    if (!marker)
        return;
    const QRect row = layout.row(TimelineRow::Markers);
    const int x = int(scale().x(double(marker->frame))) + 8;
    const int width = 160;
    const int height = nameEditor->sizeHint().height();
    const QRect content = layout.content();
    nameEditor->setGeometry(
        std::clamp(x, content.x(), std::max(content.x(), content.right() - width)),
        row.center().y() - height / 2, width, height);
}

void TimelineWidget::Private::closeNameEditor(bool accept) {
    QLineEdit* editor = std::exchange(nameEditor, nullptr);
    if (!editor)
        return;
    const TimelineMarker* marker = findMarker(model, editedMarker);
    const QString name = editor->text().trimmed();
    editor->hide();
    editor->deleteLater();
    q->setFocus();
    if (accept && marker && name != marker->name)
        Q_EMIT q->markerRenamed(editedMarker, name);
}

} // namespace strata::ui
