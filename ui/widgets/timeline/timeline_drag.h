// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/timeline/timeline_hit.h"

#include <optional>
#include <vector>

namespace strata::ui {

/// What a drag wants the model to become.
struct DragStep {
    enum class Kind { Frame, InOut, Marker };
    Kind kind = Kind::Frame;
    std::int64_t frame = 0; // of the playhead or marker
    FrameRange inOut;
    std::int64_t marker = -1;
    bool operator==(const DragStep&) const = default;
};

/// One drag with the mouse, from press to release, without any widget: takes places and gives
/// steps. It reads the model at the press only, so the owner may change it from the steps.
class TimelineDrag {
public:
    enum class State { Idle, Playhead, InHandle, OutHandle, MarkerPressed, Marker };

    State state() const { return m_state; }
    bool active() const { return m_state != State::Idle; }
    /// The id of the marker that is pressed or dragged.
    std::int64_t marker() const { return m_marker; }

    /// Starts with what is under the pointer. A press on frames moves the playhead at once; on a
    /// marker it is a click until the pointer has left its place.
    std::optional<DragStep> press(const TimelineModel& model, const TimelineHit& hit,
                                  const RulerScale& scale, double x, bool snaps);
    /// Nothing when the place means what it meant before.
    std::optional<DragStep> move(const RulerScale& scale, double x, bool snaps);
    /// A marker that was clicked, not dragged, brings the playhead to its frame.
    std::optional<DragStep> release();
    /// Ends the drag with the value from before it; nothing when nothing was changed.
    std::optional<DragStep> cancel();

private:
    DragStep stepFor(const RulerScale& scale, double x, bool snaps) const;
    std::int64_t aimed(const RulerScale& scale, double x, bool snaps) const;

    State m_state = State::Idle;
    std::int64_t m_marker = -1;
    std::int64_t m_frameCount = 0;
    FrameRange m_inOut; // at the press
    double m_pressX = 0;
    double m_grip = 0; // from the thing's place to the pointer, in points
    std::vector<std::int64_t> m_targets;
    DragStep m_before;
    DragStep m_last;
    bool m_changed = false; // a step was given
};

} // namespace strata::ui
