// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>

namespace strata::ui {

/// Says which frame is on screen now. While playing, the frame follows from the time that has
/// passed and the clip's rate alone: a machine that cannot keep up skips frames, it never slows the
/// clip down. GUI thread.
class PlaybackClock : public QObject {
    Q_OBJECT
public:
    /// Monotonic time; tests put their own in.
    using Now = std::function<std::chrono::nanoseconds()>;
    explicit PlaybackClock(Now now = {}, QObject* parent = nullptr);

    /// A new clip: stops, goes to frame 0, range is the whole clip.
    void setClip(std::int64_t frameCount, Rational rate);
    /// In and out points [begin, end); empty: the whole clip. Playing stays inside, seeking need
    /// not.
    void setRange(FrameRange range);
    void setLoop(bool loop);

    std::int64_t frame() const { return m_frame; }
    std::int64_t frameCount() const { return m_frameCount; }
    Rational rate() const { return m_rate; }
    FrameRange range() const { return m_range; }
    bool loop() const { return m_loop; }
    /// 0 stopped; 1, 2, 4, 8 forwards; negative backwards.
    int speed() const { return m_speed; }

    void seek(std::int64_t frame);  // clamped to the clip; playing goes on from there
    void step(std::int64_t frames); // stops, then moves
    void goToStart();               // of the range
    void goToEnd();
    /// Starts from the range's start (or end, backwards) if playing cannot go on from here.
    void play(int speed = 1);
    void stop();           // K
    void toggle();         // space
    void shuttleForward(); // L: 1, 2, 4, 8; slows down first when running backwards
    void shuttleBack();    // J

    /// Brings frame() up to the present time. Called by a timer; tests call it themselves.
    void tick();

Q_SIGNALS:
    void frameChanged(qint64 frame);
    void speedChanged(int speed);
    void reachedEnd(); // stopped by itself at an end of the range

private:
    void setFrame(std::int64_t frame);
    void setSpeed(int speed);
    void anchor();
    std::int64_t framesSinceAnchor() const;

    Now m_now;
    QTimer m_timer;
    std::int64_t m_frameCount = 0;
    Rational m_rate{25};
    FrameRange m_range;
    bool m_loop = false;
    int m_speed = 0;
    std::int64_t m_frame = 0;
    std::int64_t m_anchorFrame = 0; // shown at m_anchorTime
    std::chrono::nanoseconds m_anchorTime{0};
};

} // namespace strata::ui
