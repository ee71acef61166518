// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/jobs/job_delegate.h"

#include "ui/session/job_list.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace strata::ui {
namespace {

constexpr int kMargin = 6, kBar = 4; // points

QColor barColor(const JobEntry& entry, const ThemeColors& colors) {
    switch (entry.end) {
    case JobEntry::End::Finished:
        return colors.ok;
    case JobEntry::End::Failed:
        return colors.error;
    case JobEntry::End::Cancelled:
        return colors.textMuted;
    case JobEntry::End::No:
        break;
    }
    return entry.phase == JobPhase::Running ? colors.accent : colors.warning;
}

} // namespace

JobDelegate::JobDelegate(const JobList& jobs, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_jobs(jobs) {}

QSize JobDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {200, 2 * option.fontMetrics.height() + kBar + 3 * kMargin};
}

void JobDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    const JobEntry& entry = m_jobs.entries()[std::size_t(index.row())];
    const ThemeColors& colors = themeColors(option.palette);
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter->fillRect(option.rect, colors.accent);
    const QRect inner = option.rect.adjusted(kMargin, kMargin / 2, -kMargin, -kMargin);
    const int line = option.fontMetrics.height();
    const auto write = [&](int row, const QString& text, const QColor& color) {
        painter->setPen(selected ? colors.accentText : color);
        const QRect place(inner.x(), inner.y() + row * line, inner.width(), line);
        painter->drawText(place, Qt::AlignVCenter,
                          option.fontMetrics.elidedText(text, Qt::ElideRight, place.width()));
    };
    const bool failed = entry.end == JobEntry::End::Failed;
    write(0, entry.title, colors.text);
    write(1, failed ? entry.result : progressText(entry), failed ? colors.error : colors.textMuted);
    QRect bar(inner.x(), inner.bottom() - kBar + 1, inner.width(), kBar);
    painter->fillRect(bar, colors.input);
    bar.setWidth(int(bar.width() * (entry.isActive() ? entry.fraction : 1.0)));
    painter->fillRect(bar, barColor(entry, colors));
}

} // namespace strata::ui
