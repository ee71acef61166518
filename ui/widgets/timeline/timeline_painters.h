// SPDX-License-Identifier: Apache-2.0
// Internal to the timeline. What is painted here changes rarely and is kept as one picture per row;
// the overlay alone is painted in every frame.
#pragma once

#include "ui/theme/theme.h"
#include "ui/widgets/timeline/ruler_scale.h"
#include "ui/widgets/timeline/timeline_layout.h"
#include "ui/widgets/timeline/timeline_model.h"

#include <QFont>
#include <QPainter>

namespace strata::ui {

struct TimelinePaint {
    QPainter& painter; // in points of the view
    const TimelineModel& model;
    const TimelineMedia& media;
    const TimelineLayout& layout;
    RulerScale scale;
    const ThemeColors& colors;
    QFont font;
    std::int64_t selectedMarker = -1;

    /// The frames of the clip that the view shows.
    FrameRange visible() const;
    QFont caption() const;
    double pixel() const { return 1.0 / painter.device()->devicePixelRatioF(); }
};

/// One row with its header.
void paintRow(const TimelinePaint& paint, TimelineRow row);

void paintRangeBar(const TimelinePaint& paint);
void paintRuler(const TimelinePaint& paint);
void paintMarkers(const TimelinePaint& paint);
void paintMarkerLines(const TimelinePaint& paint, QRect row);
void paintCache(const TimelinePaint& paint);
void paintConfidence(const TimelinePaint& paint);
void paintThumbnails(const TimelinePaint& paint);
void paintSound(const TimelinePaint& paint);
void paintTracks(const TimelinePaint& paint);
void paintHeader(const TimelinePaint& paint, TimelineRow row);
void paintTrackHeaders(const TimelinePaint& paint);

/// Over the rows: what is outside in and out is dimmed, then the playhead and its timecode.
void paintOverlay(const TimelinePaint& paint);
/// The part of the overlay that goes with the playhead.
QRect playheadStrip(const TimelineLayout& layout, const RulerScale& scale, std::int64_t frame);
QRect timecodePlace(const TimelineLayout& layout);

QColor trackColor(const ThemeColors& colors, const TimelineTrack& track);
QColor confidenceColor(const ThemeColors& colors, float confidence);

/// The lowest known confidence of `frames`; negative when none is known.
float lowestConfidence(const std::vector<float>& confidence, FrameRange frames);

/// The frames whose pictures the view shows, left to right, then those half a view further on
/// either side.
std::vector<std::int64_t> thumbnailFrames(const TimelineModel& model, const TimelineLayout& layout,
                                          const RulerScale& scale, double thumbnailWidth);

} // namespace strata::ui
