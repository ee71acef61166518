// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace strata::ui {

class Actions;

/// All shortcuts in a list that can be searched; a new one is typed for the selected command.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(Actions& actions, QWidget* parent);

private:
    void fill();
    void filter(const QString& text);
    void showCurrent();
    void assign(const QKeySequence& keys);

    Actions& m_actions;
    QLineEdit* m_search;      // parent-owned
    QTreeWidget* m_list;      // parent-owned
    QKeySequenceEdit* m_keys; // parent-owned
    QLabel* m_conflict;       // parent-owned
};

} // namespace strata::ui
