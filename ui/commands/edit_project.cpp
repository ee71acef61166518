// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/edit_project.h"

#include "ui/bridge/document.h"

namespace strata::ui {

EditProject::EditProject(Document& document, const Project& after, EditLabel label)
    : QUndoCommand(label.text)
    , m_document(document)
    , m_label(std::move(label))
    , m_change(difference(document.project(), after)) {}

int EditProject::id() const {
    return m_label.gesture.merges() ? static_cast<int>(m_label.intention) : -1;
}

void EditProject::redo() { m_document.apply(m_change, {}); }
void EditProject::undo() { m_document.apply(m_change.reversed(), {}); }

bool EditProject::mergeWith(const QUndoCommand* next) {
    const auto& other = static_cast<const EditProject&>(*next);
    if (other.m_label.target != m_label.target || other.m_label.gesture != m_label.gesture)
        return false;
    // The other change is made already: going back over both leads to where this one began.
    Project start = m_document.snapshot();
    apply(start, other.m_change.reversed());
    apply(start, m_change.reversed());
    m_change = difference(start, m_document.project());
    setObsolete(m_change.empty());
    return true;
}

Status pushEdit(Document& document, const Result<Project>& after, EditLabel label) {
    if (!after)
        return after.error();
    if (!(document.project() == *after))
        document.undoStack().push(new EditProject(document, *after, std::move(label)));
    return ok();
}

} // namespace strata::ui
