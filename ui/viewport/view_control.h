// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_provider.h"
#include "ui/viewport/view_state.h"

#include <QObject>

namespace strata::ui {

/// Holds the state of a view and says when it changes. Menus, shortcuts and the viewport's own
/// mouse handling all go through it. Values out of range are clamped. GUI thread.
class ViewControl : public QObject {
    Q_OBJECT
public:
    explicit ViewControl(QObject* parent = nullptr);

    const ViewState& state() const { return m_state; }
    void setState(ViewState state); // all at once: restoring a workspace

    void setMode(ViewMode mode);
    void setCompare(CompareMode compare);
    void setCompareWith(ViewMode mode);
    void setWipe(float share);
    void setOnion(float share);
    void setOverlay(BodyOverlay overlay);
    void setOverlayOpacity(float opacity);
    /// `layer` is LayerKind::Plate, Human or Occluder.
    void setLayerLook(LayerKind layer, LayerLook look);
    void setCheckerboard(bool on);
    void setSafeAreas(bool on);
    void setStatistics(bool on);
    void setFit();
    void setZoom(double zoom, QPointF centre); // leaves fit
    void setSpace(bool on);
    void setOrbit(const OrbitState& orbit);

    /// What FrameRequest::layers must hold for this view.
    LayerSet neededLayers() const;
    /// … and what it will need next: that of layers which are only now shown whole.
    LayerSet layersAtRest() const;

Q_SIGNALS:
    void changed(const strata::ui::ViewState& state);

private:
    ViewState m_state;
};

} // namespace strata::ui
