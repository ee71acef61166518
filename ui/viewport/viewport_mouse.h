// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/view_control.h"
#include "ui/viewport/view_transform.h"

#include <QPointF>
#include <QRectF>
#include <Qt>

namespace strata::ui {

/// What the mouse is over: its pane and the picture in it, in device pixels.
struct MouseScene {
    QRectF pane;
    ViewTransform view;
    Size picture;
    double unit = 1; // device pixels per logical one
};

/// Turns drags and the wheel into changes of the view. Positions in device pixels.
class ViewportMouse {
public:
    explicit ViewportMouse(ViewControl& view)
        : m_view(view) {}

    /// While space is held the left button pans.
    void setPanKey(bool held) { m_panKey = held; }
    bool panKey() const { return m_panKey; }

    /// True if the press starts a drag.
    bool press(Qt::MouseButton button, QPointF at, const MouseScene& scene);
    void move(QPointF at, const MouseScene& scene);
    void release() { m_drag = Drag::None; }
    /// Zooms to `at`; in the space view comes nearer.
    void zoom(double factor, QPointF at, const MouseScene& scene);

    bool isDragging() const { return m_drag != Drag::None; }
    Qt::CursorShape cursor(QPointF at, const MouseScene& scene) const;

private:
    enum class Drag { None, Pan, Wipe, Orbit };
    bool overWipe(QPointF at, const MouseScene& scene) const;

    ViewControl& m_view;
    bool m_panKey = false;
    Drag m_drag = Drag::None;
    QPointF m_last;
};

} // namespace strata::ui
