// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/stroke_commands.h"

#include "engine/project/edit/stroke_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status StrokeCommands::add(const Stroke& stroke) const {
    return pushEdit(m_document, addStroke(m_document.project(), stroke),
                    {Intention::Paint, QCoreApplication::translate("Undo", "Paint"), 0, {}});
}

Status StrokeCommands::remove(StrokeId id) const {
    return pushEdit(
        m_document, removeStroke(m_document.project(), id),
        {Intention::RemoveStroke, QCoreApplication::translate("Undo", "Remove Stroke"), 0, {}});
}

Status StrokeCommands::clear(LayerId layer, std::optional<std::int64_t> frame) const {
    return pushEdit(
        m_document, clearStrokes(m_document.project(), layer, frame),
        {Intention::ClearStrokes, QCoreApplication::translate("Undo", "Clear Strokes"), 0, {}});
}

} // namespace strata::ui
