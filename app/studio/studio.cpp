// SPDX-License-Identifier: Apache-2.0
#include "app/studio/studio.h"

#include "engine/body/body_model.h"
#include "engine/core/assets_folder.h"
#include "engine/project/io/state_folder.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/recovery_dialog.h"
#include "ui/theme/theme.h"
#include "ui/viewport/viewport.h"

#include <QApplication>

namespace strata {
namespace {

ui::EngineClient::Settings engineSettings(const ui::Preferences& preferences) {
    ui::EngineClient::Settings settings;
    settings.program = preferences.worker();
    return settings;
}

} // namespace

Studio::Studio()
    : m_engine(std::make_unique<ui::EngineClient>(engineSettings(m_preferences)))
    , m_session(std::make_unique<ui::Session>(m_document, *m_engine, m_player)) {
    m_document.setBackups(Backups(stateFolder() / "backups"));
    openAutosave();
    m_window = std::make_unique<ui::MainWindow>(
        ui::EditorParts{*m_session, m_preferences, m_autosave.get()});
    QObject::connect(&m_preferences, &ui::Preferences::changed, m_window.get(),
                     [this] { applyPreferences(); });
    applyPreferences();
    loadBody();
}

Studio::~Studio() { m_engine->stop(); }

void Studio::openAutosave() {
    auto slot = AutosaveSlot::open(stateFolder() / "autosave");
    if (!slot)
        return m_session->check(slot.error());
    m_autosave = std::make_unique<ui::Autosave>(m_document, std::move(*slot));
    QObject::connect(
        m_autosave.get(), &ui::Autosave::failed, m_session.get(),
        [this](const QString& text) { m_session->notify(ui::NoticeKind::Warning, text); });
}

void Studio::applyPreferences() {
    ui::applyTheme(*qApp, m_preferences.theme());
    m_session->setAutomatic(m_preferences.decomposesAtOnce(), m_preferences.previewsAtOnce());
    m_player.provider().setCacheLimit(std::size_t(m_preferences.frameCacheMegabytes()) << 20);
    if (m_autosave)
        m_autosave->setInterval(std::chrono::seconds(m_preferences.autosaveSeconds()));
}

void Studio::loadBody() {
    const auto load = []() -> Result<BodyModel> {
        STRATA_ASSIGN(const auto assets, assetsFolder());
        return strata::loadBody(assets / "body/strata_body.npz");
    };
    auto loaded = load();
    if (!loaded)
        return m_session->check(loaded.error());
    const auto body = std::make_shared<const BodyModel>(std::move(*loaded));
    m_player.setBody(body);
    m_window->viewport().setBody(body);
}

void Studio::offerRecovery() {
    auto found = recoverableAutosaves(stateFolder() / "autosave");
    if (found.empty() || !m_autosave)
        return;
    ui::RecoveryDialog dialog(std::move(found), m_window.get());
    dialog.exec();
    if (const auto chosen = dialog.chosen())
        m_session->check(m_autosave->recover(*chosen));
}

void Studio::start(const QString& file) {
    m_window->show();
    m_engine->start();
    offerRecovery();
    if (!file.isEmpty())
        m_window->open(file);
}

} // namespace strata
