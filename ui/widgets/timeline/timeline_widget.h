// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/timeline/timeline_model.h"

#include <QAbstractScrollArea>

#include <memory>

namespace strata::ui {

/// The timeline: ruler, markers, in and out, cache, confidence, thumbnails, sound and tracks over
/// one clip. It knows only its TimelineModel and changes nothing of it but the current frame; what
/// the user wants comes out as signals, which the owner answers with the setters below.
///
/// A gesture (one drag, one key press) has one number; all signals of a gesture carry it, so that
/// they can be merged into one undo step. A drag that is cancelled sends the value from before it.
class TimelineWidget : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TimelineWidget(QWidget* parent = nullptr);
    ~TimelineWidget() override;

    struct Private; // named in public for the sources of the timeline alone

    /// All at once. A clip of another length or rate is shown whole; else zoom and place stay.
    void setModel(TimelineModel model);
    const TimelineModel& model() const;
    void setMedia(TimelineMedia media);

    /// Parts of it; what is not touched keeps its cached picture. Frames outside the clip are moved
    /// into it.
    /// While the playhead is dragged it stays under the pointer whatever is set here.
    void setCurrentFrame(qint64 frame);
    void setInOut(FrameRange inOut);
    void setLoop(bool loop);
    void setMarkers(std::vector<TimelineMarker> markers);
    void setTracks(std::vector<TimelineTrack> tracks);
    void setSelectedTrack(qint64 id);
    void setConfidence(std::vector<float> confidence);
    void setCache(std::vector<CacheRange> cache);

    qint64 currentFrame() const { return model().currentFrame; }
    /// The current frame as HH:MM:SS:FF, with `;` before the frames where frame numbers are
    /// dropped.
    QString currentTimecode() const;

    bool snapping() const;
    /// Points per frame.
    double zoom() const;
    void setZoom(double pointsPerFrame);
    void zoomToRange(FrameRange range);
    /// Whether the view follows a playhead that leaves it (by a page). On by default.
    void setFollowsPlayhead(bool follows);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void setSnapping(bool on);
    void zoomIn();
    void zoomOut();
    void zoomToFit();
    void zoomToInOut();
    void refreshThumbnails();
    void refreshSound();
    /// As the keys of the same meaning; for menus and shortcuts of the application.
    void markIn();
    void markOut();
    void clearInOut();
    void addMarker();
    void goToPreviousMarker();
    void goToNextMarker();
    void step(int frames);
    void goToStart();
    void goToEnd();
    /// Opens the field for the marker's name.
    void editMarkerName(qint64 id);

Q_SIGNALS:
    /// The playhead has moved by the user's hand; show this frame.
    void frameRequested(qint64 frame);
    void scrubStarted();
    void scrubFinished();
    void inOutChanged(strata::FrameRange inOut, int gesture);
    void loopToggled(bool loop);
    void markerAdded(qint64 frame);
    void markerMoved(qint64 id, qint64 frame, int gesture);
    void markerRemoved(qint64 id);
    void markerRenamed(qint64 id, const QString& name);
    void markerRecolored(qint64 id, const QColor& color);
    void trackSelected(qint64 id);
    void zoomChanged(double pointsPerFrame);
    void snappingChanged(bool on);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    std::unique_ptr<Private> d;
};

} // namespace strata::ui
