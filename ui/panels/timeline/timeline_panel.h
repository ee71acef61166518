// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/commands/gesture.h"
#include "ui/session/session.h"
#include "ui/widgets/timeline/sound_provider.h"
#include "ui/widgets/timeline/thumbnail_provider.h"
#include "ui/widgets/timeline/timeline_widget.h"

#include <QHash>
#include <QTimer>
#include <QWidget>

namespace strata::ui {

/// The timeline widget on the open document: shows clip, range, markers, layers and caches, and
/// turns what the user does there into commands.
class TimelinePanel : public QWidget {
    Q_OBJECT
public:
    explicit TimelinePanel(Session& session, QWidget* parent = nullptr);

    TimelineWidget& timeline() { return *m_timeline; }

private:
    void connectUser();
    void connectDocument();
    void showClip();
    void showRange();
    void showMarkers();
    void showTracks();
    void showCaches();
    Gesture gestureOf(int number);

    Session& m_session;
    TimelineWidget* m_timeline; // parent-owned
    ThumbnailProvider m_thumbnails;
    SoundProvider m_sound;
    QTimer m_cacheDelay;
    bool m_hasSound = false;
    int m_lastGesture = 0; // of the widget
    GestureTracker m_gesture;
};

} // namespace strata::ui
