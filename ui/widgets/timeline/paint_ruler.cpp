// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_painters.h"

#include "ui/widgets/timeline/timecode.h"
#include "ui/widgets/timeline/timeline_hit.h"

#include <QPainterPath>

#include <algorithm>
#include <utility>

namespace strata::ui {
namespace {

constexpr double kFlagWidth = 11.0;    // points, with a little air
constexpr double kLineDistance = 24.0; // on the average, for the markers' lines to be shown

QColor faded(QColor color, double alpha) {
    color.setAlphaF(float(alpha));
    return color;
}

/// A bracket that stands outside the range.
void paintHandle(const TimelinePaint& paint, double x, double direction, QRect row) {
    const double top = row.y() + 1;
    const double bottom = row.y() + row.height();
    QPainterPath path(QPointF(x, top));
    path.lineTo(x + direction * 7, top);
    path.lineTo(x + direction * 7, bottom - 4);
    path.lineTo(x, bottom);
    path.closeSubpath();
    paint.painter.fillPath(path, paint.colors.inOut);
}

std::vector<const TimelineMarker*> markersInOrder(const TimelineModel& model) {
    std::vector<const TimelineMarker*> markers;
    for (const TimelineMarker& marker : model.markers)
        markers.push_back(&marker);
    std::stable_sort(markers.begin(), markers.end(),
                     [](const auto* a, const auto* b) { return a->frame < b->frame; });
    return markers;
}

QColor markerColor(const TimelinePaint& paint, const TimelineMarker& marker) {
    return marker.color.isValid() ? marker.color : paint.colors.marker;
}

void paintFlag(const TimelinePaint& paint, const TimelineMarker& marker, double x, QRect row) {
    const double top = row.y() + 3;
    QPainterPath flag(QPointF(x - 5, top));
    flag.lineTo(x + 5, top);
    flag.lineTo(x + 5, top + 8);
    flag.lineTo(x, top + 14);
    flag.lineTo(x - 5, top + 8);
    flag.closeSubpath();
    paint.painter.fillPath(flag, markerColor(paint, marker));
    if (marker.id == paint.selectedMarker)
        paint.painter.strokePath(flag, QPen(paint.colors.text, 1.5));
}

void paintMarkerName(const TimelinePaint& paint, const TimelineMarker& marker, QRectF place) {
    if (place.width() < 12 || marker.name.isEmpty())
        return;
    const QFontMetricsF metrics(paint.caption());
    paint.painter.setPen(paint.colors.textMuted);
    paint.painter.drawText(
        place, Qt::AlignVCenter,
        metrics.elidedText(marker.name, Qt::ElideRight, std::min(place.width(), 240.0)));
}

} // namespace

void paintRangeBar(const TimelinePaint& paint) {
    const QRect row = paint.layout.row(TimelineRow::Range);
    if (paint.model.frameCount <= 0)
        return;
    const FrameRange range = effectiveInOut(paint.model);
    const double in = paint.scale.x(double(range.begin));
    const double out = paint.scale.x(double(range.end));
    paint.painter.fillRect(QRectF(in, row.y() + 1, out - in, row.height() - 5),
                           faded(paint.colors.inOut, paint.model.loop ? 0.65 : 0.35));
    paint.painter.setRenderHint(QPainter::Antialiasing);
    paintHandle(paint, in, -1, row);
    paintHandle(paint, out, 1, row);
}

void paintRuler(const TimelinePaint& paint) {
    QPainter& painter = paint.painter;
    const QRect row = paint.layout.row(TimelineRow::Ruler);
    const Timecode timecode(paint.model.rate);
    const QFontMetricsF metrics(paint.caption());
    const double labelWidth = metrics.horizontalAdvance(timecode.text(0)) + 18;
    painter.setFont(paint.caption());
    std::vector<QLineF> major;
    std::vector<QLineF> minor;
    const double bottom = row.y() + row.height();
    FrameRange frames = paint.visible();
    const auto before = std::int64_t(labelWidth / paint.scale.pointsPerFrame()) + 1;
    frames.begin = std::max<std::int64_t>(0, frames.begin - before); // labels that begin outside
    for (const Tick& tick :
         rulerTicks(timecode, frames, paint.scale.pointsPerFrame(), labelWidth)) {
        const double x = paint.scale.x(double(tick.frame)) + paint.pixel() / 2;
        (tick.labelled ? major : minor)
            .emplace_back(x, tick.labelled ? row.y() + 2 : bottom - 6, x, bottom);
        if (!tick.labelled)
            continue;
        painter.setPen(paint.colors.text);
        painter.drawText(QPointF(x + 4, row.y() + metrics.ascent() + 1), timecode.text(tick.frame));
        painter.setPen(paint.colors.textMuted);
        painter.drawText(QPointF(x + 4, row.y() + metrics.ascent() + metrics.height()),
                         QString::number(tick.frame));
    }
    painter.setPen(QPen(paint.colors.border, paint.pixel()));
    painter.drawLines(minor.data(), int(minor.size()));
    painter.setPen(QPen(paint.colors.textDisabled, paint.pixel()));
    painter.drawLines(major.data(), int(major.size()));
}

void paintMarkers(const TimelinePaint& paint) {
    QPainter& painter = paint.painter;
    const QRect row = paint.layout.row(TimelineRow::Markers);
    const auto markers = markersInOrder(paint.model);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(paint.caption());
    const double right = row.x() + row.width();
    const auto place = [&](std::size_t i) {
        return i < markers.size() ? paint.scale.x(double(markers[i]->frame)) : right + 200;
    };
    double previous = -kFlagWidth;
    for (std::size_t i = 0; i < markers.size(); ++i) {
        const double x = place(i);
        const double next = place(i + 1);
        const double before = std::exchange(previous, x);
        if (next < row.x() - kFlagWidth || x > right + kFlagWidth)
            continue;
        const bool crowded = x - before < kFlagWidth && next - x < kFlagWidth;
        if (crowded && markers[i]->id != paint.selectedMarker) {
            painter.fillRect(QRectF(x - 0.5, row.y() + 3, 1, 14), markerColor(paint, *markers[i]));
            continue;
        }
        paintMarkerName(paint, *markers[i], QRectF(x + 9, row.y(), next - x - 18, row.height()));
        paintFlag(paint, *markers[i], x, row);
    }
}

void paintMarkerLines(const TimelinePaint& paint, QRect row) {
    const FrameRange visible = paint.visible();
    std::vector<const TimelineMarker*> shown;
    for (const TimelineMarker& marker : paint.model.markers)
        if (visible.contains(marker.frame))
            shown.push_back(&marker);
    if (double(shown.size()) * kLineDistance > row.width())
        return; // a fence would hide what the rows show
    for (const TimelineMarker* marker : shown)
        paint.painter.fillRect(
            QRectF(paint.scale.x(double(marker->frame)), row.y(), 1, row.height()),
            faded(markerColor(paint, *marker), 0.3));
}

} // namespace strata::ui
