// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"

#include <QWidget>

class QLabel;

namespace strata::ui {

class Actions;
class TimelineWidget;

/// Buttons of playback and the place of the playhead in timecode and frames.
class TransportBar : public QWidget {
    Q_OBJECT
public:
    TransportBar(Session& session, Actions& actions, TimelineWidget& timeline,
                 QWidget* parent = nullptr);

private:
    void refresh();

    Session& m_session;
    TimelineWidget& m_timeline;
    QLabel *m_timecode, *m_frame, *m_speed; // parent-owned
};

} // namespace strata::ui
