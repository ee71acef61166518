// SPDX-License-Identifier: Apache-2.0
#include "ui/commands/macro_scope.h"

#include <QUndoStack>

namespace strata::ui {

MacroScope::MacroScope(QUndoStack& stack, const QString& text)
    : m_stack(stack) {
    m_stack.beginMacro(text);
}

MacroScope::~MacroScope() {
    m_stack.endMacro();
    const QUndoCommand* macro = m_stack.command(m_stack.index() - 1);
    const bool outermost = m_stack.canUndo(); // no macro is open around this one
    if (outermost && macro && (m_cancelled || macro->childCount() == 0)) {
        // The stack deletes an obsolete command instead of doing it again.
        m_stack.undo();
        const_cast<QUndoCommand*>(macro)->setObsolete(true);
        m_stack.redo();
    }
}

} // namespace strata::ui
