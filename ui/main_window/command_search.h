// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QLineEdit;
class QListWidget;

namespace strata::ui {

/// How well `text` answers what was typed: the letters of `typed` in order, those that begin words
/// counting most; 0 when they are not all there.
int commandScore(const QString& text, const QString& typed);

/// Ctrl+K: every command by a few letters of its name.
class CommandSearch : public QDialog {
    Q_OBJECT
public:
    CommandSearch(std::vector<QAction*> actions, QWidget* parent);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void refresh();
    void run();

    std::vector<QAction*> m_actions;
    QLineEdit* m_field;  // parent-owned
    QListWidget* m_list; // parent-owned
};

} // namespace strata::ui
