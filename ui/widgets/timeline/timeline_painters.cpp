// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_painters.h"

#include "ui/widgets/timeline/timecode.h"
#include "ui/widgets/timeline/timeline_hit.h"

#include <QCoreApplication>
#include <QPainterPath>

#include <cmath>

namespace strata::ui {
namespace {

constexpr double kCellWidth = 6.0; // points a frame needs for its cell to be shown

void paintContent(const TimelinePaint& paint, TimelineRow row) {
    switch (row) {
    case TimelineRow::Range:
        return paintRangeBar(paint);
    case TimelineRow::Ruler:
        return paintRuler(paint);
    case TimelineRow::Markers:
        return paintMarkers(paint);
    case TimelineRow::Cache:
        return paintCache(paint);
    case TimelineRow::Confidence:
        return paintConfidence(paint);
    case TimelineRow::Thumbnails:
        return paintThumbnails(paint);
    case TimelineRow::Sound:
        return paintSound(paint);
    case TimelineRow::Tracks:
        return paintTracks(paint);
    }
}

bool isRuler(TimelineRow row) {
    return row == TimelineRow::Range || row == TimelineRow::Ruler || row == TimelineRow::Markers;
}

/// The clip stands out from the emptiness before its start and after its end.
void paintGround(const TimelinePaint& paint, TimelineRow row, QRect place) {
    paint.painter.fillRect(place, paint.colors.window);
    const double start = paint.scale.x(0);
    const double end = paint.scale.x(double(paint.model.frameCount));
    const QRectF clip = QRectF(start, place.y(), end - start, place.height()) & QRectF(place);
    paint.painter.fillRect(clip, isRuler(row) ? paint.colors.panel : paint.colors.input);
    paint.painter.fillRect(
        QRectF(place.x(), place.y() + place.height() - paint.pixel(), place.width(), paint.pixel()),
        paint.colors.border);
}

void dimOutside(const TimelinePaint& paint) {
    const FrameRange range = effectiveInOut(paint.model);
    const QRect content = paint.layout.content();
    const double top = paint.layout.row(TimelineRow::Markers).y();
    const double left = content.x();
    const double right = left + content.width();
    const double in = std::clamp(paint.scale.x(double(range.begin)), left, right);
    const double out = std::clamp(paint.scale.x(double(range.end)), left, right);
    QColor veil = paint.colors.window;
    veil.setAlphaF(0.6F);
    paint.painter.fillRect(QRectF(left, top, in - left, content.height() - top), veil);
    paint.painter.fillRect(QRectF(out, top, right - out, content.height() - top), veil);
}

void paintPlayhead(const TimelinePaint& paint) {
    QPainter& painter = paint.painter;
    const QRect content = paint.layout.content();
    const QRect ruler = paint.layout.row(TimelineRow::Ruler);
    const double pixel = paint.pixel();
    // On whole pixels, so that the line does not change its width while it moves.
    const double x = std::floor(paint.scale.x(double(paint.model.currentFrame)) / pixel) * pixel;
    painter.save();
    painter.setClipRect(content, Qt::IntersectClip);
    if (paint.scale.pointsPerFrame() >= kCellWidth) {
        QColor cell = paint.colors.playhead;
        cell.setAlphaF(0.16F);
        painter.fillRect(
            QRectF(x, ruler.y(), paint.scale.pointsPerFrame(), content.height() - ruler.y()), cell);
    }
    painter.fillRect(QRectF(x, ruler.y(), 1, content.height() - ruler.y()), paint.colors.playhead);
    const double bottom = ruler.y() + ruler.height();
    const double tip = x + 0.5;
    QPainterPath head(QPointF(tip - 6, bottom - 13));
    head.lineTo(tip + 6, bottom - 13);
    head.lineTo(tip + 6, bottom - 6);
    head.lineTo(tip, bottom);
    head.lineTo(tip - 6, bottom - 6);
    head.closeSubpath();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(head, paint.colors.playhead);
    painter.restore();
}

void paintTimecode(const TimelinePaint& paint) {
    QPainter& painter = paint.painter;
    const QRect place = timecodePlace(paint.layout).adjusted(12, 3, -6, -2);
    QFont large = paint.font;
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setWeight(QFont::DemiBold);
    painter.setFont(large);
    painter.setPen(paint.colors.text);
    painter.drawText(place, Qt::AlignTop | Qt::AlignLeft,
                     Timecode(paint.model.rate).text(paint.model.currentFrame));
    painter.setFont(paint.caption());
    painter.setPen(paint.colors.textMuted);
    painter.drawText(place, Qt::AlignBottom | Qt::AlignLeft,
                     QCoreApplication::translate("Timeline", "frame %1 of %2")
                         .arg(paint.model.currentFrame)
                         .arg(paint.model.frameCount));
}

} // namespace

FrameRange TimelinePaint::visible() const {
    const QRect content = layout.content();
    return scale.frames(content.x(), content.x() + content.width())
        .intersected({0, model.frameCount});
}

QFont TimelinePaint::caption() const {
    QFont small = font;
    small.setPointSizeF(std::max(font.pointSizeF() * 0.85, 6.0));
    return small;
}

void paintRow(const TimelinePaint& paint, TimelineRow row) {
    const QRect place = paint.layout.row(row);
    paint.painter.save();
    paint.painter.setClipRect(place);
    paintGround(paint, row, place);
    if (paint.model.frameCount > 0) {
        paintContent(paint, row);
        if (!isRuler(row))
            paintMarkerLines(paint, place);
    }
    paint.painter.restore();
    paint.painter.save();
    paint.painter.setClipRect(paint.layout.header(row));
    paintHeader(paint, row);
    paint.painter.restore();
}

void paintOverlay(const TimelinePaint& paint) {
    if (paint.model.frameCount > 0) {
        dimOutside(paint);
        paintPlayhead(paint);
    }
    paintTimecode(paint);
}

QRect playheadStrip(const TimelineLayout& layout, const RulerScale& scale, std::int64_t frame) {
    const double x = scale.x(double(frame));
    const double width = scale.pointsPerFrame() >= kCellWidth ? scale.pointsPerFrame() : 0;
    const QRect content = layout.content();
    const int left = int(std::floor(x)) - 8;
    return QRect(left, 0, int(std::ceil(width)) + 18, content.height()) & content;
}

QRect timecodePlace(const TimelineLayout& layout) {
    return layout.header(TimelineRow::Range) | layout.header(TimelineRow::Ruler);
}

} // namespace strata::ui
