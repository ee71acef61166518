// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/gesture.h"

namespace strata::ui {

Gesture GestureTracker::current() {
    static int last = 0; // GUI thread only
    if (!m_gesture.merges())
        m_gesture.number = ++last;
    return m_gesture;
}

Gesture GestureTracker::step() {
    if (m_sinceStep.isValid() && m_sinceStep.elapsed() >= m_pauseMs)
        end();
    m_sinceStep.start();
    return current();
}

} // namespace strata::ui
