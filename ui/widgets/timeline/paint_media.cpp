// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_painters.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

/// The middle of the picture fills `place`.
void drawCropped(QPainter& painter, const QImage& picture, const QRectF& place) {
    const double width = picture.height() * place.width() / place.height();
    const QRectF source((picture.width() - width) / 2, 0, width, picture.height());
    painter.drawImage(place, picture, source);
}

} // namespace

std::vector<std::int64_t> thumbnailFrames(const TimelineModel& model, const TimelineLayout& layout,
                                          const RulerScale& scale, double thumbnailWidth) {
    const QRect row = layout.row(TimelineRow::Thumbnails);
    const std::int64_t step = thumbnailStep(scale.pointsPerFrame(), thumbnailWidth);
    const FrameRange visible =
        scale.frames(row.x(), row.x() + row.width()).intersected({0, model.frameCount});
    std::vector<std::int64_t> frames;
    const auto add = [&](FrameRange range) {
        for (std::int64_t frame = std::max<std::int64_t>(range.begin, 0) / step * step;
             frame < std::min(range.end, model.frameCount); frame += step)
            frames.push_back(frame);
    };
    add(visible);
    const std::int64_t shownEnd = frames.empty() ? visible.end : frames.back() + step;
    const std::int64_t shownBegin = frames.empty() ? visible.begin : frames.front();
    add({shownEnd, shownEnd + visible.size() / 2});
    add({std::max<std::int64_t>(0, shownBegin - visible.size() / 2), shownBegin});
    return frames;
}

void paintThumbnails(const TimelinePaint& paint) {
    QPainter& painter = paint.painter;
    const QRect row = paint.layout.row(TimelineRow::Thumbnails);
    const double height = row.height() - 2;
    const double width = height * paint.media.pictureAspect;
    const std::int64_t step = thumbnailStep(paint.scale.pointsPerFrame(), width);
    const FrameRange visible = paint.visible();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (std::int64_t frame = visible.begin / step * step; frame < visible.end; frame += step) {
        const double x = paint.scale.x(double(frame));
        const double end = paint.scale.x(double(std::min(frame + step, paint.model.frameCount)));
        const QRectF place(x, row.y() + 1, std::min(width, end - x), height);
        const QImage picture = paint.media.thumbnail(frame);
        if (picture.isNull())
            painter.fillRect(place.adjusted(0, 0, -1, 0), paint.colors.panel);
        else
            drawCropped(painter, picture, place);
        painter.fillRect(QRectF(x, row.y() + 1, paint.pixel(), height), paint.colors.input);
    }
}

void paintSound(const TimelinePaint& paint) {
    const QRect row = paint.layout.row(TimelineRow::Sound);
    const double middle = row.y() + row.height() / 2.0;
    const double reach = row.height() / 2.0 - 2;
    const double pixel = paint.pixel();
    const double clipEnd = double(paint.model.frameCount);
    std::vector<QLineF> lines;
    for (double x = row.x(); x < row.x() + row.width(); x += pixel) {
        const double from = std::max(paint.scale.exactFrame(x), 0.0);
        const double to = std::min(paint.scale.exactFrame(x + pixel), clipEnd);
        if (to <= from)
            continue;
        const auto peak = paint.media.sound(from, to);
        if (!peak)
            continue;
        const double top = middle - std::clamp(double(peak->high), -1.0, 1.0) * reach;
        const double bottom = middle - std::clamp(double(peak->low), -1.0, 1.0) * reach;
        const double center = x + pixel / 2;
        lines.emplace_back(center, top, center, std::max(bottom, top + pixel));
    }
    QPen pen(paint.colors.waveform, pixel);
    pen.setCapStyle(Qt::FlatCap);
    paint.painter.setPen(pen);
    paint.painter.drawLines(lines.data(), int(lines.size()));
}

} // namespace strata::ui
