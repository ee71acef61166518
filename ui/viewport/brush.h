// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/matte_stroke.h"
#include "ui/playback/frame_layers.h"
#include "ui/viewport/render/strokes.h"
#include "ui/viewport/view_state.h"
#include "ui/viewport/view_transform.h"

#include <QPointF>

#include <optional>

namespace strata::ui {

/// What paints into a matte: left button adds, with Shift or the right button it takes away.
class Brush {
public:
    static constexpr double kLeastRadius = 1, kMostRadius = 512; // picture pixels

    /// `layer`: Human or Occluder, whose matte is painted; nothing puts the brush away.
    void take(std::optional<LayerKind> layer);
    bool isTaken() const { return m_layer.has_value(); }
    void setRadius(double radius); // clamped
    double radius() const { return m_radius; }

    // Positions in picture pixels.
    void press(QPointF at, bool erases, std::int64_t frame);
    void move(QPointF at);
    /// Ends the stroke and gives it; nothing when none was begun.
    std::optional<MatteStroke> release();
    bool isPainting() const { return m_stroke.has_value(); }
    void leave() { m_cursor.reset(); }

    /// The view with the stroke that is being painted.
    ViewState withStroke(ViewState state) const;
    /// The brush's outline on the screen; `unit`: device pixels per logical one.
    Strokes outline(const ViewTransform& view, double unit) const;

private:
    std::optional<LayerKind> m_layer;
    double m_radius = 12;
    std::optional<QPointF> m_cursor;
    std::optional<MatteStroke> m_stroke;
};

} // namespace strata::ui
