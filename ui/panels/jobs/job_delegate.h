// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

namespace strata::ui {

class JobList;

/// Draws a job: its title, how far it is, and a bar.
class JobDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit JobDelegate(const JobList& jobs, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const JobList& m_jobs;
};

} // namespace strata::ui
