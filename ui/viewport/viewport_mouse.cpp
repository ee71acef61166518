// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/viewport_mouse.h"

#include <cmath>

namespace strata::ui {
namespace {

constexpr double kGrip = 7;            // logical pixels round the wipe's line
constexpr float kOrbitDegrees = 0.35f; // per logical pixel

} // namespace

bool ViewportMouse::overWipe(QPointF at, const MouseScene& scene) const {
    const ViewState& state = m_view.state();
    if (state.compare != CompareMode::Wipe || state.space)
        return false;
    const double line = scene.view.toScreen({state.wipe * scene.picture.width, 0}).x();
    return std::abs(at.x() - line) <= kGrip * scene.unit;
}

bool ViewportMouse::press(Qt::MouseButton button, QPointF at, const MouseScene& scene) {
    m_last = at;
    if (m_view.state().space && button == Qt::LeftButton)
        m_drag = Drag::Orbit;
    else if (button == Qt::MiddleButton || (button == Qt::LeftButton && m_panKey))
        m_drag = m_view.state().space ? Drag::Orbit : Drag::Pan;
    else if (button == Qt::LeftButton && overWipe(at, scene))
        m_drag = Drag::Wipe;
    return isDragging();
}

void ViewportMouse::move(QPointF at, const MouseScene& scene) {
    const QPointF moved = at - m_last;
    m_last = at;
    switch (m_drag) {
    case Drag::Pan: {
        const QPointF centre = scene.view.toPicture(scene.pane.center() - moved);
        return m_view.setZoom(scene.view.scale, centre);
    }
    case Drag::Wipe:
        return m_view.setWipe(float(scene.view.toPicture(at).x() / scene.picture.width));
    case Drag::Orbit: {
        OrbitState orbit = m_view.state().orbit;
        orbit.yaw -= float(moved.x() / scene.unit) * kOrbitDegrees;
        orbit.pitch += float(moved.y() / scene.unit) * kOrbitDegrees;
        return m_view.setOrbit(orbit);
    }
    case Drag::None:
        return;
    }
}

void ViewportMouse::zoom(double factor, QPointF at, const MouseScene& scene) {
    if (m_view.state().space) {
        OrbitState orbit = m_view.state().orbit;
        orbit.distance /= float(factor);
        return m_view.setOrbit(orbit);
    }
    const ZoomTarget target = zoomedAt(scene.view, scene.pane, at, factor);
    m_view.setZoom(target.zoom, target.centre);
}

Qt::CursorShape ViewportMouse::cursor(QPointF at, const MouseScene& scene) const {
    if (m_drag == Drag::Pan || m_drag == Drag::Orbit)
        return Qt::ClosedHandCursor;
    if (m_panKey)
        return Qt::OpenHandCursor;
    if (m_drag == Drag::Wipe || overWipe(at, scene))
        return Qt::SplitHCursor;
    return m_view.state().space ? Qt::OpenHandCursor : Qt::CrossCursor;
}

} // namespace strata::ui
