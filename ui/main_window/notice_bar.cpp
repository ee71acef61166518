// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/notice_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace strata::ui {
namespace {

constexpr int kShownMs = 6000, kIcon = 18;

} // namespace

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this)) {
    setObjectName(QStringLiteral("noticeBar"));
    setFrameShape(QFrame::StyledPanel);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setIcon(themeIcon(Icon::Close));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the message"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 4, 4);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(close);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &QWidget::hide);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void NoticeBar::showNotice(NoticeKind kind, const QString& message) {
    const ThemeColors& colors = themeColors(palette());
    const bool bad = kind == NoticeKind::Error;
    const Icon icon = bad ? Icon::Error : kind == NoticeKind::Warning ? Icon::Warning : Icon::Info;
    const QColor color = bad                           ? colors.error
                         : kind == NoticeKind::Warning ? colors.warning
                                                       : colors.accent;
    m_icon->setPixmap(iconPixmap(icon, kIcon, color, devicePixelRatioF()));
    m_text->setText(message);
    setAccessibleName(message);
    show();
    if (bad)
        m_timer.stop();
    else
        m_timer.start(kShownMs);
}

QString NoticeBar::message() const { return isHidden() ? QString() : m_text->text(); }

} // namespace strata::ui
