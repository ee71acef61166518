// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timecode.h"

#include <cmath>

namespace strata::ui {

Timecode::Timecode(Rational framesPerSecond)
    : m_nominal(int(std::clamp(std::lround(framesPerSecond.value()), 1L, 1000L)))
    , m_dropped(m_nominal % 30 == 0 && framesPerSecond == Rational(m_nominal * 1000LL, 1001)
                    ? m_nominal / 15
                    : 0) {}

std::int64_t Timecode::numbered(std::int64_t frame) const {
    if (m_dropped == 0)
        return frame;
    const std::int64_t minute = 60LL * m_nominal - m_dropped;
    const std::int64_t tenMinutes = 10 * minute + m_dropped;
    const std::int64_t within = frame % tenMinutes;
    const std::int64_t shortMinutes = within < m_dropped ? 0 : (within - m_dropped) / minute;
    return frame + m_dropped * (frame / tenMinutes * 9 + shortMinutes);
}

std::int64_t Timecode::secondOf(std::int64_t frame) const { return numbered(frame) / m_nominal; }

int Timecode::frameNumberOf(std::int64_t frame) const { return int(numbered(frame) % m_nominal); }

std::int64_t Timecode::firstFrameOf(std::int64_t second) const {
    const std::int64_t minute = second / 60;
    const std::int64_t number = second * m_nominal;
    std::int64_t leftOut = m_dropped * (minute - minute / 10);
    // The numbers left out of this very minute come after the frame looked for.
    if (second % 60 == 0 && minute % 10 != 0)
        leftOut -= m_dropped;
    return number - leftOut;
}

QString Timecode::text(std::int64_t frame) const {
    const std::int64_t second = secondOf(frame);
    const int digits = m_nominal > 100 ? 3 : 2;
    const QLatin1Char zero('0');
    return QString("%1:%2:%3%4%5")
        .arg(second / 3600, 2, 10, zero)
        .arg(second / 60 % 60, 2, 10, zero)
        .arg(second % 60, 2, 10, zero)
        .arg(QLatin1Char(m_dropped ? ';' : ':'))
        .arg(frameNumberOf(frame), digits, 10, zero);
}

} // namespace strata::ui
