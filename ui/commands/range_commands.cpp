// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/range_commands.h"

#include "engine/project/edit/range_edits.h"
#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status RangeCommands::setIn(std::int64_t frame, Gesture gesture) const {
    return pushEdit(
        m_document, strata::setIn(m_document.project(), frame),
        {Intention::SetRange, QCoreApplication::translate("Undo", "Set In"), 0, gesture});
}

Status RangeCommands::setOut(std::int64_t lastFrame, Gesture gesture) const {
    return pushEdit(
        m_document, strata::setOut(m_document.project(), lastFrame),
        {Intention::SetRange, QCoreApplication::translate("Undo", "Set Out"), 0, gesture});
}

Status RangeCommands::set(FrameRange range, Gesture gesture) const {
    return pushEdit(
        m_document, setRange(m_document.project(), range),
        {Intention::SetRange, QCoreApplication::translate("Undo", "Set In and Out"), 0, gesture});
}

Status RangeCommands::clear() const {
    return pushEdit(
        m_document, clearRange(m_document.project()),
        {Intention::SetRange, QCoreApplication::translate("Undo", "Clear In and Out"), 0, {}});
}

Status RangeCommands::setLoop(bool loop) const {
    return pushEdit(m_document, Result<Project>(strata::setLoop(m_document.project(), loop)),
                    {Intention::SetLoop, QCoreApplication::translate("Undo", "Loop"), 0, {}});
}

} // namespace strata::ui
