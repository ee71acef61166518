// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QRect>
#include <QSize>

#include <array>

namespace strata::ui {

/// The rows from the top down; the rows of the tracks share what is left and scroll.
enum class TimelineRow { Range, Ruler, Markers, Cache, Confidence, Thumbnails, Sound, Tracks };
inline constexpr std::array kTimelineRows{
    TimelineRow::Range,      TimelineRow::Ruler,      TimelineRow::Markers, TimelineRow::Cache,
    TimelineRow::Confidence, TimelineRow::Thumbnails, TimelineRow::Sound,   TimelineRow::Tracks};

/// Which rows there are.
struct TimelineRows {
    bool thumbnails = false;
    bool sound = false;
    int tracks = 0;
    bool operator==(const TimelineRows&) const = default;
};

/// Where everything is, in points from the top left corner of the view.
class TimelineLayout {
public:
    static constexpr int kHeaderWidth = 148;
    static constexpr int kTrackHeight = 24;

    TimelineLayout() = default;
    TimelineLayout(QSize view, TimelineRows rows, int trackScroll);

    /// Right of the header; empty (of no height) for a row that is left out.
    QRect row(TimelineRow row) const { return m_rows[std::size_t(row)]; }
    /// The same place in the header.
    QRect header(TimelineRow row) const;
    QRect content() const;
    /// Right of the header; may be cut off by the tracks' row.
    QRect track(int index) const;
    /// -1: none there.
    int trackAt(int y) const;

    /// Of all tracks, seen or not.
    int tracksHeight() const { return m_present.tracks * kTrackHeight; }
    /// A view this high shows everything.
    static int fullHeight(TimelineRows rows);

private:
    std::array<QRect, kTimelineRows.size()> m_rows;
    QSize m_view;
    TimelineRows m_present;
    int m_trackScroll = 0;
};

} // namespace strata::ui
