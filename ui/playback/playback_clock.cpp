// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/playback_clock.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace strata::ui {
namespace {

constexpr std::array kSpeeds = {-8, -4, -2, -1, 1, 2, 4, 8};

std::chrono::nanoseconds steadyNow() { return std::chrono::steady_clock::now().time_since_epoch(); }

/// The next rung of the ladder of speeds in the given direction; from standing still, +-1.
int shuttled(int speed, int direction) {
    if (speed == 0)
        return direction;
    const auto at = std::find(kSpeeds.begin(), kSpeeds.end(), speed) - kSpeeds.begin();
    return kSpeeds[std::size_t(std::clamp<std::ptrdiff_t>(at + direction, 0, kSpeeds.size() - 1))];
}

} // namespace

PlaybackClock::PlaybackClock(Now now, QObject* parent)
    : QObject(parent)
    , m_now(now ? std::move(now) : steadyNow) {
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &PlaybackClock::tick);
}

void PlaybackClock::setClip(std::int64_t frameCount, Rational rate) {
    stop();
    m_frameCount = std::max<std::int64_t>(0, frameCount);
    m_rate = rate.value() > 0 ? rate : Rational(25);
    m_range = {0, m_frameCount};
    m_frame = -1; // so that frame 0 of a new clip is told as a change
    setFrame(0);
}

void PlaybackClock::setRange(FrameRange range) {
    const FrameRange whole{0, m_frameCount};
    const FrameRange inside = range.intersected(whole);
    tick(); // what has been played belongs to the old range
    m_range = inside.empty() ? whole : inside;
    anchor();
}

void PlaybackClock::setLoop(bool loop) {
    tick();
    m_loop = loop;
    anchor();
}

void PlaybackClock::seek(std::int64_t frame) {
    setFrame(frame);
    anchor();
}

void PlaybackClock::step(std::int64_t frames) {
    stop();
    setFrame(m_frame + frames);
}

void PlaybackClock::goToStart() { seek(m_range.begin); }
void PlaybackClock::goToEnd() { seek(m_range.end - 1); }

void PlaybackClock::play(int speed) {
    if (speed == 0 || m_range.empty())
        return stop();
    const bool atEnd = speed > 0 ? m_frame >= m_range.end - 1 : m_frame <= m_range.begin;
    if (atEnd || !m_range.contains(m_frame))
        setFrame(speed > 0 ? m_range.begin : m_range.end - 1);
    setSpeed(speed);
}

void PlaybackClock::stop() {
    tick();
    setSpeed(0);
}

void PlaybackClock::toggle() {
    if (m_speed == 0)
        play(1);
    else
        stop();
}

void PlaybackClock::shuttleForward() {
    tick();
    m_speed == 0 ? play(1) : setSpeed(shuttled(m_speed, 1));
}

void PlaybackClock::shuttleBack() {
    tick();
    m_speed == 0 ? play(-1) : setSpeed(shuttled(m_speed, -1));
}

void PlaybackClock::tick() {
    if (m_speed == 0)
        return;
    const std::int64_t moved = framesSinceAnchor() * (m_speed > 0 ? 1 : -1);
    const std::int64_t frame = m_anchorFrame + moved;
    if (m_range.contains(frame))
        return setFrame(frame);
    if (m_loop) {
        const std::int64_t size = m_range.size();
        const std::int64_t within = ((frame - m_range.begin) % size + size) % size;
        return setFrame(m_range.begin + within);
    }
    setFrame(m_speed > 0 ? m_range.end - 1 : m_range.begin);
    setSpeed(0);
    Q_EMIT reachedEnd();
}

void PlaybackClock::setFrame(std::int64_t frame) {
    frame = std::clamp<std::int64_t>(frame, 0, std::max<std::int64_t>(0, m_frameCount - 1));
    if (frame == m_frame)
        return;
    m_frame = frame;
    Q_EMIT frameChanged(frame);
}

void PlaybackClock::setSpeed(int speed) {
    if (speed == m_speed)
        return;
    anchor();
    m_speed = speed;
    if (speed == 0) {
        m_timer.stop();
    } else {
        // Twice per displayed frame, so that none is late by more than half its time.
        const double period = 1000.0 / (m_rate.value() * std::abs(speed));
        m_timer.start(int(std::clamp(period / 2, 4.0, 20.0)));
    }
    Q_EMIT speedChanged(speed);
}

void PlaybackClock::anchor() {
    m_anchorFrame = m_frame;
    m_anchorTime = m_now();
}

std::int64_t PlaybackClock::framesSinceAnchor() const {
    const auto elapsed = std::max<std::int64_t>(0, (m_now() - m_anchorTime).count());
    // 128 bits: a day of nanoseconds times 60000 does not fit in 64.
    __extension__ using Wide = __int128;
    return std::int64_t(Wide(elapsed) * m_rate.num * std::abs(m_speed) /
                        (Wide(m_rate.den) * 1'000'000'000));
}

} // namespace strata::ui
