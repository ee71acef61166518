// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_layout.h"

#include <algorithm>

namespace strata::ui {
namespace {

int heightOf(TimelineRow row, const TimelineRows& rows) {
    switch (row) {
    case TimelineRow::Range:
        return 12;
    case TimelineRow::Ruler:
        return 34;
    case TimelineRow::Markers:
        return 20;
    case TimelineRow::Cache:
        return 8;
    case TimelineRow::Confidence:
        return 16;
    case TimelineRow::Thumbnails:
        return rows.thumbnails ? 54 : 0;
    case TimelineRow::Sound:
        return rows.sound ? 40 : 0;
    case TimelineRow::Tracks:
        break;
    }
    return rows.tracks * TimelineLayout::kTrackHeight;
}

} // namespace

TimelineLayout::TimelineLayout(QSize view, TimelineRows rows, int trackScroll)
    : m_view(view)
    , m_present(rows)
    , m_trackScroll(trackScroll) {
    const int width = std::max(0, view.width() - kHeaderWidth);
    int y = 0;
    for (const TimelineRow row : kTimelineRows) {
        int height = heightOf(row, rows);
        if (row == TimelineRow::Tracks)
            height = std::max(0, view.height() - y);
        m_rows[std::size_t(row)] = QRect(kHeaderWidth, y, width, height);
        y += height;
    }
}

QRect TimelineLayout::header(TimelineRow row) const {
    const QRect r = this->row(row);
    return {0, r.y(), std::min(kHeaderWidth, m_view.width()), r.height()};
}

QRect TimelineLayout::content() const {
    return {kHeaderWidth, 0, std::max(0, m_view.width() - kHeaderWidth), m_view.height()};
}

QRect TimelineLayout::track(int index) const {
    const QRect all = row(TimelineRow::Tracks);
    return {all.x(), all.y() + index * kTrackHeight - m_trackScroll, all.width(), kTrackHeight};
}

int TimelineLayout::trackAt(int y) const {
    const QRect all = row(TimelineRow::Tracks);
    if (y < all.y() || y >= all.y() + all.height())
        return -1;
    const int index = (y - all.y() + m_trackScroll) / kTrackHeight;
    return index < m_present.tracks ? index : -1;
}

int TimelineLayout::fullHeight(TimelineRows rows) {
    int height = 0;
    for (const TimelineRow row : kTimelineRows)
        height += heightOf(row, rows);
    return height;
}

} // namespace strata::ui
