// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_painters.h"

#include "ui/theme/icons.h"

#include <QCoreApplication>

namespace strata::ui {
namespace {

QString captionOf(TimelineRow row) {
    switch (row) {
    case TimelineRow::Markers:
        return QCoreApplication::translate("Timeline", "Markers");
    case TimelineRow::Cache:
        return {}; // too low for text; the tool tip tells
    case TimelineRow::Confidence:
        return QCoreApplication::translate("Timeline", "Confidence");
    case TimelineRow::Thumbnails:
        return QCoreApplication::translate("Timeline", "Picture");
    case TimelineRow::Sound:
        return QCoreApplication::translate("Timeline", "Sound");
    case TimelineRow::Range:
    case TimelineRow::Ruler:
    case TimelineRow::Tracks:
        break;
    }
    return {};
}

Icon iconOf(TrackKind kind) {
    switch (kind) {
    case TrackKind::Scene:
        return Icon::Scene;
    case TrackKind::Person:
        return Icon::Person;
    case TrackKind::Occluder:
        return Icon::Occluder;
    case TrackKind::Motion:
        break;
    }
    return Icon::Motion;
}

} // namespace

void paintHeader(const TimelinePaint& paint, TimelineRow row) {
    const QRect place = paint.layout.header(row);
    paint.painter.fillRect(place, paint.colors.panel);
    if (row == TimelineRow::Tracks)
        paintTrackHeaders(paint);
    paint.painter.setFont(paint.caption());
    paint.painter.setPen(paint.colors.textMuted);
    paint.painter.drawText(place.adjusted(12, 0, -6, 0), Qt::AlignVCenter | Qt::AlignLeft,
                           captionOf(row));
    paint.painter.fillRect(QRectF(place.x() + place.width() - 1, place.y(), 1, place.height()),
                           paint.colors.border);
}

void paintTrackHeaders(const TimelinePaint& paint) {
    QPainter& painter = paint.painter;
    const double ratio = painter.device()->devicePixelRatioF();
    for (std::size_t i = 0; i < paint.model.tracks.size(); ++i) {
        const TimelineTrack& track = paint.model.tracks[i];
        const QRect row = paint.layout.track(int(i));
        const QRect place(0, row.y(), TimelineLayout::kHeaderWidth, row.height());
        const bool selected = track.id == paint.model.selectedTrack;
        if (selected)
            painter.fillRect(place, paint.colors.raised);
        const QColor color = trackColor(paint.colors, track);
        painter.fillRect(QRect(0, row.y() + 2, 4, row.height() - 4), color);
        painter.drawPixmap(QPoint(12, row.y() + (row.height() - 16) / 2),
                           iconPixmap(iconOf(track.kind), 16, color, ratio));
        const QRect text = place.adjusted(34, 0, -8, 0);
        painter.setFont(paint.font);
        painter.setPen(paint.colors.text);
        painter.drawText(
            text, Qt::AlignVCenter | Qt::AlignLeft,
            QFontMetrics(paint.font).elidedText(track.name, Qt::ElideRight, text.width()));
    }
}

} // namespace strata::ui
