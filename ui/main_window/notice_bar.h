// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"

#include <QFrame>
#include <QTimer>

class QLabel;

namespace strata::ui {

/// One sentence over the viewport, with a colour for how bad it is. Goes by itself unless it is an
/// error, which the user closes.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void showNotice(NoticeKind kind, const QString& message);
    QString message() const;

private:
    QLabel *m_icon, *m_text; // parent-owned
    QTimer m_timer;
};

} // namespace strata::ui
