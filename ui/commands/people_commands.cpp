// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/people_commands.h"

#include "ui/bridge/document.h"
#include "ui/commands/edit_project.h"

#include <QCoreApplication>

namespace strata::ui {

Status PeopleCommands::take(std::span<const FoundPerson> found) const {
    return pushEdit(
        m_document, applyPeople(m_document.project(), found),
        {Intention::FindPeople, QCoreApplication::translate("Undo", "Find People"), 0, {}});
}

Status PeopleCommands::rename(PersonId id, const std::string& name) const {
    return pushEdit(
        m_document, renamePerson(m_document.project(), id, name),
        {Intention::RenamePerson, QCoreApplication::translate("Undo", "Rename Person"), 0, {}});
}

Status PeopleCommands::setColor(PersonId id, LabelColor color, Gesture gesture) const {
    return pushEdit(m_document, setPersonColor(m_document.project(), id, color),
                    {Intention::ColorPerson, QCoreApplication::translate("Undo", "Colour Person"),
                     number(id), gesture});
}

} // namespace strata::ui
