// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/layer_commands.h"

#include "engine/project/edit/layer_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status LayerCommands::move(LayerId id, std::int64_t index, Gesture gesture) const {
    return pushEdit(m_document, moveLayer(m_document.project(), id, index),
                    {Intention::MoveLayer, QCoreApplication::translate("Undo", "Move Layer"),
                     number(id), gesture});
}

Status LayerCommands::rename(LayerId id, const std::string& name) const {
    return pushEdit(
        m_document, renameLayer(m_document.project(), id, name),
        {Intention::RenameLayer, QCoreApplication::translate("Undo", "Rename Layer"), 0, {}});
}

Status LayerCommands::setColor(LayerId id, LabelColor color, Gesture gesture) const {
    return pushEdit(m_document, setLayerColor(m_document.project(), id, color),
                    {Intention::ColorLayer, QCoreApplication::translate("Undo", "Colour Layer"),
                     number(id), gesture});
}

Status LayerCommands::setVisible(LayerId id, bool visible) const {
    const QString text = visible ? QCoreApplication::translate("Undo", "Show Layer")
                                 : QCoreApplication::translate("Undo", "Hide Layer");
    return pushEdit(m_document, setLayerVisible(m_document.project(), id, visible),
                    {Intention::ShowLayer, text, 0, {}});
}

Status LayerCommands::setSolo(LayerId id, bool solo) const {
    const QString text = solo ? QCoreApplication::translate("Undo", "Solo Layer")
                              : QCoreApplication::translate("Undo", "End Solo");
    return pushEdit(m_document, setLayerSolo(m_document.project(), id, solo),
                    {Intention::SoloLayer, text, 0, {}});
}

Status LayerCommands::setLocked(LayerId id, bool locked) const {
    const QString text = locked ? QCoreApplication::translate("Undo", "Lock Layer")
                                : QCoreApplication::translate("Undo", "Unlock Layer");
    return pushEdit(m_document, setLayerLocked(m_document.project(), id, locked),
                    {Intention::LockLayer, text, 0, {}});
}

Status LayerCommands::setOpacity(LayerId id, double opacity, Gesture gesture) const {
    return pushEdit(m_document, setLayerOpacity(m_document.project(), id, opacity),
                    {Intention::SetLayerOpacity,
                     QCoreApplication::translate("Undo", "Change Opacity"), number(id), gesture});
}

Status LayerCommands::setTrim(LayerId id, MatteTrim trim, Gesture gesture) const {
    return pushEdit(m_document, setLayerTrim(m_document.project(), id, trim),
                    {Intention::TrimMatte, QCoreApplication::translate("Undo", "Trim Matte"),
                     number(id), gesture});
}

} // namespace strata::ui
