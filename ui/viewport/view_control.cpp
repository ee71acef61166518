// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/view_control.h"

#include "ui/viewport/view_transform.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

float share(float value) { return std::clamp(value, 0.f, 1.f); }

ViewState sane(ViewState state) {
    state.wipe = share(state.wipe);
    state.onion = share(state.onion);
    state.overlayOpacity = share(state.overlayOpacity);
    for (LayerLook* look : {&state.scene, &state.human, &state.occluder})
        look->opacity = share(look->opacity);
    state.zoom = std::clamp(state.zoom, kMinZoom, kMaxZoom);
    state.orbit.yaw = std::remainder(state.orbit.yaw, 360.f);
    state.orbit.pitch = std::clamp(state.orbit.pitch, -85.f, 85.f);
    state.orbit.distance = std::clamp(state.orbit.distance, 0.2f, 12.f);
    state.orbit.spread = share(state.orbit.spread);
    return state;
}

LayerSet layersOf(ViewMode mode) {
    switch (mode) {
    case ViewMode::Source:
        return {LayerKind::Source};
    case ViewMode::Scene:
        return {LayerKind::Plate};
    case ViewMode::Alpha:
        return {LayerKind::Alpha, LayerKind::Human};
    case ViewMode::Rubylith:
        return {LayerKind::Source, LayerKind::Alpha, LayerKind::Human};
    case ViewMode::Boundary:
        return {LayerKind::Source, LayerKind::Alpha, LayerKind::Human, LayerKind::Occluder};
    case ViewMode::Depth:
        return {LayerKind::Depth};
    case ViewMode::MotionCode:
        return {LayerKind::Body};
    case ViewMode::Human:
    case ViewMode::Occluder:
        return {LayerKind::Source, LayerKind::Plate, LayerKind::Human, LayerKind::Occluder,
                LayerKind::Alpha};
    case ViewMode::Result:
        break;
    }
    return {LayerKind::Source,   LayerKind::Plate, LayerKind::Human,
            LayerKind::Occluder, LayerKind::Alpha, LayerKind::Result};
}

} // namespace

ViewControl::ViewControl(QObject* parent)
    : QObject(parent) {}

void ViewControl::setState(ViewState state) {
    state = sane(state);
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT changed(m_state);
}

void ViewControl::setMode(ViewMode mode) {
    ViewState state = m_state;
    state.mode = mode;
    state.space = false;
    setState(state);
}

void ViewControl::setCompare(CompareMode compare) {
    ViewState state = m_state;
    state.compare = compare;
    setState(state);
}

void ViewControl::setCompareWith(ViewMode mode) {
    ViewState state = m_state;
    state.compareWith = mode;
    setState(state);
}

void ViewControl::setWipe(float at) {
    ViewState state = m_state;
    state.wipe = at;
    setState(state);
}

void ViewControl::setOnion(float part) {
    ViewState state = m_state;
    state.onion = part;
    setState(state);
}

void ViewControl::setOverlay(BodyOverlay overlay) {
    ViewState state = m_state;
    state.overlay = overlay;
    setState(state);
}

void ViewControl::setOverlayOpacity(float opacity) {
    ViewState state = m_state;
    state.overlayOpacity = opacity;
    setState(state);
}

void ViewControl::setLayerLook(LayerKind layer, LayerLook look) {
    ViewState state = m_state;
    if (layer == LayerKind::Plate)
        state.scene = look;
    else if (layer == LayerKind::Human)
        state.human = look;
    else if (layer == LayerKind::Occluder)
        state.occluder = look;
    setState(state);
}

void ViewControl::setCheckerboard(bool on) {
    ViewState state = m_state;
    state.checkerboard = on;
    setState(state);
}

void ViewControl::setSafeAreas(bool on) {
    ViewState state = m_state;
    state.safeAreas = on;
    setState(state);
}

void ViewControl::setStatistics(bool on) {
    ViewState state = m_state;
    state.statistics = on;
    setState(state);
}

void ViewControl::setFit() {
    ViewState state = m_state;
    state.fit = true;
    setState(state);
}

void ViewControl::setZoom(double zoom, QPointF centre) {
    ViewState state = m_state;
    state.fit = false;
    state.zoom = zoom;
    state.centre = centre;
    setState(state);
}

void ViewControl::setSpace(bool on) {
    ViewState state = m_state;
    state.space = on;
    setState(state);
}

void ViewControl::setOrbit(const OrbitState& orbit) {
    ViewState state = m_state;
    state.orbit = orbit;
    setState(state);
}

LayerSet ViewControl::neededLayers() const {
    const auto needed = [&](ViewMode mode) {
        const bool clip = mode == ViewMode::Result && m_state.isWhole();
        return clip ? LayerSet{LayerKind::Source, LayerKind::Result} : layersOf(mode);
    };
    LayerSet layers = needed(m_state.mode);
    if (m_state.space)
        layers = layersOf(ViewMode::Human) | LayerSet{LayerKind::Depth, LayerKind::Body};
    else if (m_state.compare != CompareMode::Off)
        layers = layers | needed(m_state.compareWith);
    if (m_state.overlay != BodyOverlay::Off || m_state.statistics)
        layers = layers | LayerSet{LayerKind::Body};
    return layers;
}

LayerSet ViewControl::layersAtRest() const { return neededLayers() | layersOf(m_state.mode); }

} // namespace strata::ui
