// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/settings_commands.h"

#include "engine/project/edit/settings_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status SettingsCommands::setSynth(const SynthSettings& settings, Gesture gesture) const {
    return pushEdit(
        m_document, setSynthSettings(m_document.project(), settings),
        {Intention::SetSynth, QCoreApplication::translate("Undo", "Change Synthesis"), 0, gesture});
}

Status SettingsCommands::setDelivery(const DeliverySettings& settings, Gesture gesture) const {
    return pushEdit(m_document, setDeliverySettings(m_document.project(), settings),
                    {Intention::SetDelivery, QCoreApplication::translate("Undo", "Change Delivery"),
                     0, gesture});
}

} // namespace strata::ui
