// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/session.h"
#include "ui/viewport/viewport.h"

#include <map>
#include <memory>
#include <vector>

namespace strata::ui {

class Actions;

/// Binds the actions "view.…" to the viewport, both ways, and the layers' looks to it.
class ViewActions : public QObject {
    Q_OBJECT
public:
    ViewActions(Actions& actions, Viewport& viewport, Session& session, QObject* parent = nullptr);

private:
    void connectModes();
    void connectZoom();
    void showState(const ViewState& state);
    void showLooks();
    /// The layer's strokes; the same list as before while they are the same.
    std::shared_ptr<const std::vector<MatteStroke>> strokesOf(LayerId layer);

    Actions& m_actions;
    Viewport& m_viewport;
    Session& m_session;
    std::map<LayerId, std::shared_ptr<const std::vector<MatteStroke>>> m_strokes;
};

} // namespace strata::ui
