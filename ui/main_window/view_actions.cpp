// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/view_actions.h"

#include "ui/main_window/actions.h"
#include "ui/session/edit_choice.h"

#include <array>
#include <utility>

namespace strata::ui {
namespace {

constexpr std::array<std::pair<const char*, ViewMode>, kViewModes> kModes = {{
    {"view.result", ViewMode::Result},
    {"view.source", ViewMode::Source},
    {"view.human", ViewMode::Human},
    {"view.scene", ViewMode::Scene},
    {"view.occluder", ViewMode::Occluder},
    {"view.alpha", ViewMode::Alpha},
    {"view.rubylith", ViewMode::Rubylith},
    {"view.boundary", ViewMode::Boundary},
    {"view.depth", ViewMode::Depth},
    {"view.code", ViewMode::MotionCode},
}};
constexpr std::array<std::pair<const char*, BodyOverlay>, 4> kOverlays = {{
    {"view.noOverlay", BodyOverlay::Off},
    {"view.mesh", BodyOverlay::Mesh},
    {"view.wireframe", BodyOverlay::Wireframe},
    {"view.skeleton", BodyOverlay::Skeleton},
}};
constexpr std::array<std::pair<const char*, CompareMode>, 5> kComparisons = {{
    {"view.compareOff", CompareMode::Off},
    {"view.wipe", CompareMode::Wipe},
    {"view.side", CompareMode::SideBySide},
    {"view.difference", CompareMode::Difference},
    {"view.onion", CompareMode::Onion},
}};
constexpr std::array<std::pair<const char*, int>, 3> kQualities = {{
    {"view.full", 1},
    {"view.half", 2},
    {"view.quarter", 4},
}};

} // namespace

ViewActions::ViewActions(Actions& actions, Viewport& viewport, Session& session, QObject* parent)
    : QObject(parent)
    , m_actions(actions)
    , m_viewport(viewport)
    , m_session(session) {
    connectModes();
    connectZoom();
    connect(&viewport.view(), &ViewControl::changed, this, &ViewActions::showState);
    Document& document = session.document();
    for (auto signal : {&Document::projectReplaced, &Document::layersChanged})
        connect(&document, signal, this, &ViewActions::showLooks);
    for (auto signal : {&Document::layerChanged, &Document::strokesChanged})
        connect(&document, signal, this, &ViewActions::showLooks);
    connect(&session, &Session::currentPersonChanged, this, &ViewActions::showLooks);
    m_actions.setChecked("view.full", true);
    showState(viewport.view().state());
    showLooks();
}

void ViewActions::connectModes() {
    ViewControl& view = m_viewport.view();
    for (const auto& [id, mode] : kModes)
        m_actions.onTriggered(id, [&view, mode = mode] { view.setMode(mode); });
    for (const auto& [id, overlay] : kOverlays)
        m_actions.onTriggered(id, [&view, overlay = overlay] { view.setOverlay(overlay); });
    for (const auto& [id, compare] : kComparisons)
        m_actions.onTriggered(id, [&view, compare = compare] { view.setCompare(compare); });
    for (const auto& [id, reduction] : kQualities)
        m_actions.onTriggered(
            id, [this, reduction = reduction] { m_session.player().setReduction(reduction); });
    m_actions.onToggled("view.space", [&view](bool on) { view.setSpace(on); });
    m_actions.onToggled("view.checkerboard", [&view](bool on) { view.setCheckerboard(on); });
    m_actions.onToggled("view.safeAreas", [&view](bool on) { view.setSafeAreas(on); });
    m_actions.onToggled("view.statistics", [&view](bool on) { view.setStatistics(on); });
}

void ViewActions::connectZoom() {
    m_actions.onTriggered("view.fit", [this] { m_viewport.view().setFit(); });
    m_actions.onTriggered("view.pixels", [this] { m_viewport.zoomToPixels(); });
    m_actions.onTriggered("view.zoomIn", [this] { m_viewport.zoomIn(); });
    m_actions.onTriggered("view.zoomOut", [this] { m_viewport.zoomOut(); });
}

void ViewActions::showState(const ViewState& state) {
    for (const auto& [id, mode] : kModes)
        m_actions.setChecked(id, state.mode == mode);
    for (const auto& [id, overlay] : kOverlays)
        m_actions.setChecked(id, state.overlay == overlay);
    for (const auto& [id, compare] : kComparisons)
        m_actions.setChecked(id, state.compare == compare);
    m_actions.setChecked("view.space", state.space);
    m_actions.setChecked("view.checkerboard", state.checkerboard);
    m_actions.setChecked("view.safeAreas", state.safeAreas);
    m_actions.setChecked("view.statistics", state.statistics);
    const ViewControl& view = m_viewport.view();
    m_session.player().setWantedLayers(view.neededLayers(), view.layersAtRest());
}

std::shared_ptr<const std::vector<MatteStroke>> ViewActions::strokesOf(LayerId layer) {
    auto now = matteStrokes(m_session.document().project(), layer);
    auto& known = m_strokes[layer];
    if (now.empty())
        known = nullptr;
    else if (!known || *known != now)
        known = std::make_shared<const std::vector<MatteStroke>>(std::move(now));
    return known;
}

/// The person whose layer counts is the one that was taken apart.
void ViewActions::showLooks() {
    const Project& project = m_session.document().project();
    const auto person = editedPerson(project, m_session.currentPerson());
    for (const Layer& layer : project.layers) {
        if (layer.kind == strata::LayerKind::Person && layer.person != person)
            continue;
        const LayerKind shown = layer.kind == strata::LayerKind::Scene      ? LayerKind::Plate
                                : layer.kind == strata::LayerKind::Occluder ? LayerKind::Occluder
                                                                            : LayerKind::Human;
        m_viewport.view().setLayerLook(
            shown, {project.isShown(layer), float(layer.opacity), layer.trim, strokesOf(layer.id)});
    }
}

} // namespace strata::ui
