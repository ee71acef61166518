// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/view_transform.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {

ViewTransform viewTransform(const ViewState& state, Size picture, const QRectF& pane) {
    ViewTransform view;
    QPointF centre = state.centre;
    if (state.fit) {
        const double width = std::max(1, picture.width), height = std::max(1, picture.height);
        view.scale =
            std::clamp(std::min(pane.width() / width, pane.height() / height), kMinZoom, kMaxZoom);
        centre = {width / 2, height / 2};
    } else {
        view.scale = state.zoom;
    }
    const QPointF exact = pane.center() - centre * view.scale;
    view.offset = {std::round(exact.x()), std::round(exact.y())};
    return view;
}

ZoomTarget zoomedAt(const ViewTransform& view, const QRectF& pane, QPointF cursor, double factor) {
    const double zoom = std::clamp(view.scale * factor, kMinZoom, kMaxZoom);
    const QPointF fixed = view.toPicture(cursor);
    return {zoom, fixed + (pane.center() - cursor) / zoom};
}

} // namespace strata::ui
