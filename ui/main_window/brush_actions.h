// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"
#include "ui/viewport/viewport.h"

#include <optional>

namespace strata::ui {

class Actions;

/// Binds the actions "brush.…" to the viewport's brush and makes its strokes part of the project.
class BrushActions : public QObject {
    Q_OBJECT
public:
    BrushActions(Actions& actions, Viewport& viewport, Session& session, QObject* parent = nullptr);

private:
    void toggle(bool on);
    void follow(); // the layer that is selected
    void putAway();
    void add(const MatteStroke& stroke);
    void clearFrame();
    /// The selected layer, or else the person's; null when it has no matte.
    const Layer* target() const;

    Actions& m_actions;
    Viewport& m_viewport;
    Session& m_session;
    std::optional<ViewMode> m_before; // what was shown when the brush was taken up
};

} // namespace strata::ui
