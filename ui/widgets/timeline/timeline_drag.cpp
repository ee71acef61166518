// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_drag.h"

#include "ui/widgets/timeline/timeline_snap.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace strata::ui {
namespace {

constexpr double kSnapReach = 8.0;     // points
constexpr double kClickDistance = 3.0; // a press that moves less is a click

using State = TimelineDrag::State;

State stateFor(TimelinePart part) {
    switch (part) {
    case TimelinePart::Frames:
    case TimelinePart::Track:
        return State::Playhead;
    case TimelinePart::InHandle:
        return State::InHandle;
    case TimelinePart::OutHandle:
        return State::OutHandle;
    case TimelinePart::Marker:
        return State::MarkerPressed;
    case TimelinePart::Nothing:
    case TimelinePart::TrackHeader:
        break;
    }
    return State::Idle;
}

SnapFor snapFor(State state) {
    if (state == State::Playhead)
        return SnapFor::Playhead;
    return state == State::MarkerPressed ? SnapFor::Marker : SnapFor::InOut;
}

} // namespace

std::optional<DragStep> TimelineDrag::press(const TimelineModel& model, const TimelineHit& hit,
                                            const RulerScale& scale, double x, bool snaps) {
    *this = {};
    m_state = stateFor(hit.part);
    if (!active() || model.frameCount <= 0) {
        m_state = State::Idle;
        return {};
    }
    m_frameCount = model.frameCount;
    m_inOut = effectiveInOut(model);
    m_pressX = x;
    if (m_state == State::MarkerPressed)
        m_marker = hit.id;
    m_targets = snapTargets(model, snapFor(m_state), m_marker);

    if (m_state == State::Playhead) {
        m_before = {DragStep::Kind::Frame, model.currentFrame, {}, -1};
        m_last = m_before;
        return move(scale, x, snaps);
    }
    if (m_state == State::MarkerPressed) {
        const TimelineMarker* marker = findMarker(model, m_marker);
        m_before = {DragStep::Kind::Marker, marker ? marker->frame : hit.frame, {}, m_marker};
        m_grip = x - scale.x(double(m_before.frame));
    } else {
        m_before = {DragStep::Kind::InOut, 0, model.inOut, -1};
        m_grip = x - scale.x(double(m_state == State::InHandle ? m_inOut.begin : m_inOut.end));
    }
    m_last = m_before;
    if (m_last.kind == DragStep::Kind::InOut)
        m_last.inOut = m_inOut; // the same, when the model says "the whole clip" by an empty range
    return {};
}

std::int64_t TimelineDrag::aimed(const RulerScale& scale, double x, bool snaps) const {
    const double place = x - m_grip;
    const std::int64_t frame =
        m_state == State::Playhead ? scale.frameAt(place) : scale.borderAt(place);
    if (!snaps)
        return frame;
    return snapped(frame, scale.exactFrame(place), kSnapReach / scale.pointsPerFrame(), m_targets);
}

DragStep TimelineDrag::stepFor(const RulerScale& scale, double x, bool snaps) const {
    DragStep step = m_before;
    const std::int64_t aim = aimed(scale, x, snaps);
    if (m_state == State::InHandle)
        step.inOut = {std::clamp<std::int64_t>(aim, 0, m_inOut.end - 1), m_inOut.end};
    else if (m_state == State::OutHandle)
        step.inOut = {m_inOut.begin,
                      std::clamp<std::int64_t>(aim, m_inOut.begin + 1, m_frameCount)};
    else
        step.frame = std::clamp<std::int64_t>(aim, 0, m_frameCount - 1);
    return step;
}

std::optional<DragStep> TimelineDrag::move(const RulerScale& scale, double x, bool snaps) {
    if (!active())
        return {};
    if (m_state == State::MarkerPressed) {
        if (std::abs(x - m_pressX) < kClickDistance)
            return {};
        m_state = State::Marker;
    }
    const DragStep step = stepFor(scale, x, snaps);
    if (step == m_last)
        return {};
    m_last = step;
    m_changed = true;
    return step;
}

std::optional<DragStep> TimelineDrag::release() {
    const State state = std::exchange(m_state, State::Idle);
    if (state != State::MarkerPressed)
        return {};
    return DragStep{DragStep::Kind::Frame, m_before.frame, {}, -1};
}

std::optional<DragStep> TimelineDrag::cancel() {
    const State state = std::exchange(m_state, State::Idle);
    if (state == State::Idle || !m_changed)
        return {};
    return m_before;
}

} // namespace strata::ui
