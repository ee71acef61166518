// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QUndoStack;

namespace strata::ui {

/// What is pushed while it lives becomes one step of the history; nothing, when nothing was pushed.
/// A single intention that touches several things needs none: the edits of engine/project/edit
/// compose to one command.
class MacroScope {
public:
    MacroScope(QUndoStack& stack, const QString& text);
    ~MacroScope();
    MacroScope(const MacroScope&) = delete;
    MacroScope& operator=(const MacroScope&) = delete;

    /// What was pushed so far is taken back when the scope ends, and leaves no step.
    void cancel() { m_cancelled = true; }

private:
    QUndoStack& m_stack;
    bool m_cancelled = false;
};

} // namespace strata::ui
