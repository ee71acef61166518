// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/transport_bar.h"

#include "ui/main_window/actions.h"
#include "ui/widgets/timeline/timeline_widget.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace strata::ui {

TransportBar::TransportBar(Session& session, Actions& actions, TimelineWidget& timeline,
                           QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_timeline(timeline)
    , m_timecode(new QLabel(this))
    , m_frame(new QLabel(this))
    , m_speed(new QLabel(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    QFont digits = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    digits.setPointSizeF(digits.pointSizeF() * 1.3);
    m_timecode->setFont(digits);
    m_timecode->setAccessibleName(tr("Timecode"));
    layout->addWidget(m_timecode);
    layout->addWidget(m_frame);
    layout->addStretch();
    for (const char* id :
         {"play.start", "play.stepBack", "play.back", "play.toggle", "play.stepForward", "play.end",
          "play.loop", "play.sound", "play.in", "play.out", "play.marker"}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(actions.at(id));
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
    }
    layout->addStretch();
    layout->addWidget(m_speed);
    PlaybackClock& clock = session.player().clock();
    connect(&clock, &PlaybackClock::frameChanged, this, &TransportBar::refresh);
    connect(&clock, &PlaybackClock::speedChanged, this, [this, &actions](int speed) {
        actions.at("play.toggle")->setIcon(themeIcon(speed == 0 ? Icon::Play : Icon::Pause));
        refresh();
    });
    connect(&session.player(), &Player::opened, this, &TransportBar::refresh);
    connect(&session.document(), &Document::changed, this, &TransportBar::refresh);
    refresh();
}

void TransportBar::refresh() {
    const PlaybackClock& clock = m_session.player().clock();
    const std::int64_t count = m_session.document().project().frameCount();
    m_timecode->setText(count > 0 ? m_timeline.currentTimecode() : QStringLiteral("--:--:--:--"));
    m_frame->setText(count > 0 ? tr("Frame %1 of %2").arg(clock.frame()).arg(count) : QString());
    m_speed->setText(clock.speed() == 0 || clock.speed() == 1 ? QString()
                                                              : tr("%1×").arg(clock.speed()));
}

} // namespace strata::ui
