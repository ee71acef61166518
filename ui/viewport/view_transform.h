// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "ui/viewport/view_state.h"

#include <QRectF>

namespace strata::ui {

/// Smallest and largest zoom, screen pixels per picture pixel.
constexpr double kMinZoom = 1.0 / 32;
constexpr double kMaxZoom = 64;

/// Where the picture lies on the screen, in device pixels from the top left corner.
struct ViewTransform {
    double scale = 1;
    QPointF offset; // of the picture's top left corner

    QPointF toScreen(QPointF picture) const { return offset + picture * scale; }
    QPointF toPicture(QPointF screen) const { return (screen - offset) / scale; }
};

/// The transform of a view in its part of the screen. The offset is whole, so that at 1:1 pixels
/// of picture and screen coincide.
ViewTransform viewTransform(const ViewState& state, Size picture, const QRectF& pane);

/// Zoom and centre that show the picture `factor` times larger while the picture's point under
/// `cursor` stays where it is.
struct ZoomTarget {
    double zoom;
    QPointF centre;
};
ZoomTarget zoomedAt(const ViewTransform& view, const QRectF& pane, QPointF cursor, double factor);

} // namespace strata::ui
