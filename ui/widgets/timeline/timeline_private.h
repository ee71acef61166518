// SPDX-License-Identifier: Apache-2.0
// Internal to the timeline.
#pragma once

#include "ui/widgets/timeline/timeline_drag.h"
#include "ui/widgets/timeline/timeline_painters.h"
#include "ui/widgets/timeline/timeline_widget.h"

#include <QBasicTimer>
#include <QPixmap>

#include <span>

class QLineEdit;

namespace strata::ui {

struct TimelineWidget::Private {
    static constexpr int kMargin = 14; // points of emptiness before the clip and after it
    static constexpr double kMaxZoom = 160.0;

    explicit Private(TimelineWidget* widget)
        : q(widget) {}

    // Geometry
    RulerScale scale() const;
    TimelineRows rows() const;
    double fitZoom() const;
    double clampedZoom(double zoom) const;
    void zoomAround(double zoom, double x);
    double zoomCenter() const; // x that stays in place when zooming by keys
    void relayout();
    void updateScrollBars();
    void scrollTo(double contentX); // a point of the content to the left edge
    void reveal(std::int64_t frame);

    // Changes
    void dirty(std::span<const TimelineRow> rows);
    void allDirty();
    void showFrame(std::int64_t frame);
    void request(std::int64_t frame); // by the user's hand
    void changeInOut(FrameRange range);
    void apply(const DragStep& step);
    void cancelDrag();
    void selectMarker(std::int64_t id);
    void describe(); // for screen readers

    // Painting
    TimelinePaint painting(QPainter& painter) const;
    void renderRow(TimelineRow row, double pixelRatio);
    void askForThumbnails(double pixelRatio);

    // Input
    TimelineHit hit(QPoint point) const;
    bool snapsWith(Qt::KeyboardModifiers modifiers) const;
    void dragTo(QPoint point, Qt::KeyboardModifiers modifiers);
    void finishDrag();
    void updateCursor(QPoint point);
    void autoScroll();
    bool pressKey(int key, Qt::KeyboardModifiers modifiers);
    void removeSelectedMarker();

    // Menus and texts
    void showMenu(QPoint point, QPoint global);
    QString toolTip(QPoint point) const;
    void placeNameEditor();
    void closeNameEditor(bool accept);

    TimelineWidget* q;
    TimelineModel model;
    TimelineMedia media;
    TimelineLayout layout;
    double pointsPerFrame = 1;
    bool fitted = true; // stays whole when the widget's size changes
    bool snapping = true;
    bool followsPlayhead = true;

    struct RowPicture {
        QPixmap pixmap;
        bool valid = false;
    };
    std::array<RowPicture, kTimelineRows.size()> pictures;
    std::vector<std::int64_t> wantedThumbnails;
    int wantedHeight = 0;

    TimelineDrag drag;
    int gesture = 0;
    std::int64_t selectedMarker = -1;
    QPoint dragPoint;
    QPoint panPoint;
    bool panning = false;
    int wheelRest = 0; // eighths of a degree not yet used
    QBasicTimer autoScrollTimer;
    QLineEdit* nameEditor = nullptr; // parent-owned
    std::int64_t editedMarker = -1;
};

} // namespace strata::ui
