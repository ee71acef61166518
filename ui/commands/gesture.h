// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QElapsedTimer>

namespace strata::ui {

/// One drag, or one run of steps: the changes made with the same gesture become one step of the
/// undo history. The default is no gesture: a step of its own.
struct Gesture {
    int number = 0;

    bool merges() const { return number != 0; }
    bool operator==(const Gesture&) const = default;
};

/// Belongs to a control whose value comes in streams.
///   drag:          current() for every value, end() on release
///   keys, wheel:   step() for every value; there is no release, so a pause ends the gesture
class GestureTracker {
public:
    explicit GestureTracker(int pauseMs = 600)
        : m_pauseMs(pauseMs) {}

    Gesture current();
    Gesture step();
    void end() { m_gesture = {}; }

private:
    int m_pauseMs;
    Gesture m_gesture;
    QElapsedTimer m_sinceStep;
};

} // namespace strata::ui
