// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/marker_commands.h"

#include "engine/project/edit/marker_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status MarkerCommands::add(std::int64_t frame, const std::string& name, LabelColor color) const {
    return pushEdit(
        m_document, addMarker(m_document.project(), {MarkerId{}, frame, name, color}),
        {Intention::AddMarker, QCoreApplication::translate("Undo", "Add Marker"), 0, {}});
}

Status MarkerCommands::remove(MarkerId id) const {
    return pushEdit(
        m_document, removeMarker(m_document.project(), id),
        {Intention::RemoveMarker, QCoreApplication::translate("Undo", "Remove Marker"), 0, {}});
}

Status MarkerCommands::move(MarkerId id, std::int64_t frame, Gesture gesture) const {
    return pushEdit(m_document, moveMarker(m_document.project(), id, frame),
                    {Intention::MoveMarker, QCoreApplication::translate("Undo", "Move Marker"),
                     number(id), gesture});
}

Status MarkerCommands::rename(MarkerId id, const std::string& name) const {
    return pushEdit(
        m_document, renameMarker(m_document.project(), id, name),
        {Intention::RenameMarker, QCoreApplication::translate("Undo", "Rename Marker"), 0, {}});
}

Status MarkerCommands::setColor(MarkerId id, LabelColor color, Gesture gesture) const {
    return pushEdit(m_document, setMarkerColor(m_document.project(), id, color),
                    {Intention::ColorMarker, QCoreApplication::translate("Undo", "Colour Marker"),
                     number(id), gesture});
}

} // namespace strata::ui
