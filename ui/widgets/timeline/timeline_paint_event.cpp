// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_private.h"

#include <QPaintEvent>

#include <cmath>

namespace strata::ui {

using Private = TimelineWidget::Private;

TimelinePaint Private::painting(QPainter& painter) const {
    return {painter,   model,         media, layout, scale(), themeColors(q->palette()),
            q->font(), selectedMarker};
}

void Private::renderRow(TimelineRow row, double pixelRatio) {
    RowPicture& picture = pictures[std::size_t(row)];
    const QRect place = layout.row(row) | layout.header(row);
    const QSize pixels(int(std::ceil(place.width() * pixelRatio)),
                       int(std::ceil(place.height() * pixelRatio)));
    if (picture.pixmap.size() != pixels)
        picture.pixmap = QPixmap(pixels);
    picture.pixmap.setDevicePixelRatio(pixelRatio);
    QPainter painter(&picture.pixmap);
    painter.translate(-place.topLeft());
    paintRow(painting(painter), row);
    picture.valid = true;
}

void Private::askForThumbnails(double pixelRatio) {
    if (!media.wantThumbnails)
        return;
    const double height = layout.row(TimelineRow::Thumbnails).height() - 2.0;
    auto frames = thumbnailFrames(model, layout, scale(), height * media.pictureAspect);
    const int pixels = int(std::lround(height * pixelRatio));
    if (frames == wantedThumbnails && pixels == wantedHeight)
        return;
    wantedThumbnails = frames;
    wantedHeight = pixels;
    media.wantThumbnails(std::move(frames), pixels);
}

void TimelineWidget::paintEvent(QPaintEvent* event) {
    const double ratio = devicePixelRatioF();
    QPainter painter(viewport());
    for (const TimelineRow row : kTimelineRows) {
        const QRect place = d->layout.row(row) | d->layout.header(row);
        if (place.isEmpty() || !event->region().intersects(place))
            continue;
        auto& picture = d->pictures[std::size_t(row)];
        if (!picture.valid || picture.pixmap.devicePixelRatioF() != ratio) {
            if (row == TimelineRow::Thumbnails)
                d->askForThumbnails(ratio);
            d->renderRow(row, ratio);
        }
        for (const QRect& part : event->region() & place) {
            const QRectF source(QPointF(part.topLeft() - place.topLeft()) * ratio,
                                QSizeF(part.size()) * ratio);
            painter.drawPixmap(QRectF(part), picture.pixmap, source);
        }
    }
    paintOverlay(d->painting(painter));
}

} // namespace strata::ui
