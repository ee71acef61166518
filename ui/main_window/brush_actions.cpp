// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/brush_actions.h"

#include "ui/commands/stroke_commands.h"
#include "ui/main_window/actions.h"
#include "ui/session/edit_choice.h"

#include <utility>

namespace strata::ui {
namespace {

constexpr double kStep = 1.25; // from one size of the brush to the next

bool showsMattes(ViewMode mode) {
    switch (mode) {
    case ViewMode::Human:
    case ViewMode::Occluder:
    case ViewMode::Alpha:
    case ViewMode::Rubylith:
    case ViewMode::Boundary:
        return true;
    default:
        return false;
    }
}

} // namespace

BrushActions::BrushActions(Actions& actions, Viewport& viewport, Session& session, QObject* parent)
    : QObject(parent)
    , m_actions(actions)
    , m_viewport(viewport)
    , m_session(session) {
    actions.onToggled("brush.paint", [this](bool on) { toggle(on); });
    actions.onTriggered("brush.smaller",
                        [this] { m_viewport.setBrushRadius(m_viewport.brushRadius() / kStep); });
    actions.onTriggered("brush.larger",
                        [this] { m_viewport.setBrushRadius(m_viewport.brushRadius() * kStep); });
    actions.onTriggered("brush.clear", [this] { clearFrame(); });
    connect(&viewport, &Viewport::painted, this, &BrushActions::add);
    connect(&session, &Session::currentLayerChanged, this, &BrushActions::follow);
    connect(&session.document(), &Document::projectReplaced, this, &BrushActions::putAway);
}

const Layer* BrushActions::target() const {
    const Project& project = m_session.document().project();
    const auto selected = m_session.currentLayer();
    const Layer* layer = selected ? project.find(*selected) : nullptr;
    if (!layer)
        if (const auto person = editedPerson(project, m_session.currentPerson()))
            layer = project.layerOf(*person);
    return layer && layer->kind != strata::LayerKind::Scene ? layer : nullptr;
}

void BrushActions::toggle(bool on) {
    if (!on)
        return putAway();
    if (!target()) {
        m_session.check(Error{ErrorCode::Usage,
                              tr("Take the clip apart and select a person or what is in front: "
                                 "their mattes can be painted.")
                                  .toStdString()});
        return putAway();
    }
    m_session.player().clock().stop();
    m_before = m_viewport.view().state().mode;
    follow();
    m_viewport.setFocus();
}

void BrushActions::follow() {
    if (!m_before)
        return;
    const Layer* const layer = target();
    if (!layer)
        return putAway();
    const bool person = layer->kind == strata::LayerKind::Person;
    m_viewport.takeBrush(person ? LayerKind::Human : LayerKind::Occluder);
    ViewControl& view = m_viewport.view();
    view.setSpace(false);
    if (!showsMattes(view.state().mode))
        view.setMode(person ? ViewMode::Rubylith : ViewMode::Boundary);
}

void BrushActions::putAway() {
    m_viewport.takeBrush({});
    m_actions.setChecked("brush.paint", false);
    if (const auto before = std::exchange(m_before, std::nullopt))
        m_viewport.view().setMode(*before);
}

void BrushActions::add(const MatteStroke& stroke) {
    const Layer* const layer = target();
    if (!layer)
        return;
    strata::Stroke painted;
    painted.layer = layer->id;
    painted.frame = stroke.frame;
    painted.positive = stroke.positive;
    painted.radius = stroke.radius;
    painted.points = std::make_shared<const std::vector<StrokePoint>>(stroke.points);
    m_session.check(StrokeCommands(m_session.document()).add(painted));
}

void BrushActions::clearFrame() {
    if (const Layer* const layer = target())
        m_session.check(StrokeCommands(m_session.document())
                            .clear(layer->id, m_session.player().clock().frame()));
}

} // namespace strata::ui
