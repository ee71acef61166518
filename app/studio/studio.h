// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/bridge/autosave.h"
#include "ui/bridge/document.h"
#include "ui/bridge/engine_client.h"
#include "ui/main_window/main_window.h"
#include "ui/playback/player.h"
#include "ui/session/preferences.h"
#include "ui/session/session.h"

#include <memory>
#include <optional>

namespace strata {

/// Makes the editor's objects and wires them; they do the rest.
class Studio {
public:
    Studio();
    ~Studio();

    ui::MainWindow& window() { return *m_window; }
    ui::Session& session() { return *m_session; }

    /// Shows the window, starts the worker, offers what a crash left behind, opens `file`.
    void start(const QString& file);

private:
    void applyPreferences();
    void loadBody();
    void openAutosave();
    void offerRecovery();

    ui::Preferences m_preferences;
    ui::Document m_document;
    ui::Player m_player;
    std::unique_ptr<ui::EngineClient> m_engine;
    std::unique_ptr<ui::Session> m_session;
    std::unique_ptr<ui::Autosave> m_autosave;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace strata
