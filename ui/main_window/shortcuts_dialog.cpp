// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/shortcuts_dialog.h"

#include "ui/main_window/actions.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

QString keysOf(const QAction* action) {
    QStringList parts;
    for (const QKeySequence& keys : action->shortcuts())
        parts << keys.toString(QKeySequence::NativeText);
    return parts.join(QStringLiteral(", "));
}

QAction* actionOf(const QTreeWidgetItem* item) {
    return item ? item->data(0, Qt::UserRole).value<QAction*>() : nullptr;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(Actions& actions, QWidget* parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_search(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
    , m_keys(new QKeySequenceEdit(this))
    , m_conflict(new QLabel(this)) {
    setWindowTitle(tr("Keyboard Shortcuts"));
    resize(520, 560);
    m_search->setPlaceholderText(tr("Search"));
    m_search->setClearButtonEnabled(true);
    m_list->setHeaderLabels({tr("Command"), tr("Shortcut")});
    m_list->setRootIsDecorated(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_conflict->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* reset = buttons->addButton(tr("Reset All"), QDialogButtonBox::ResetRole);
    auto* form = new QFormLayout;
    form->addRow(tr("New shortcut"), m_keys);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    layout->addLayout(form);
    layout->addWidget(m_conflict);
    layout->addWidget(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showCurrent);
    connect(m_keys, &QKeySequenceEdit::editingFinished, this,
            [this] { assign(m_keys->keySequence()); });
    connect(reset, &QPushButton::clicked, this, [this] {
        m_actions.resetShortcuts();
        fill();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    fill();
}

void ShortcutsDialog::fill() {
    m_list->clear();
    for (QAction* action : m_actions.all()) {
        auto* item = new QTreeWidgetItem(m_list, {plainName(action), keysOf(action)});
        item->setIcon(0, action->icon());
        item->setData(0, Qt::UserRole, QVariant::fromValue(action));
    }
    m_list->setCurrentItem(m_list->topLevelItem(0));
    filter(m_search->text());
}

void ShortcutsDialog::filter(const QString& text) {
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem* item = m_list->topLevelItem(i);
        item->setHidden(!item->text(0).contains(text, Qt::CaseInsensitive) &&
                        !item->text(1).contains(text, Qt::CaseInsensitive));
    }
}

void ShortcutsDialog::showCurrent() {
    const QAction* action = actionOf(m_list->currentItem());
    const QSignalBlocker quiet(m_keys);
    m_keys->setKeySequence(action ? action->shortcut() : QKeySequence());
    m_conflict->clear();
}

/// A shortcut that is taken moves to the new command, and the dialog says so.
void ShortcutsDialog::assign(const QKeySequence& keys) {
    QTreeWidgetItem* item = m_list->currentItem();
    QAction* action = actionOf(item);
    if (!action || action->shortcuts() == QList<QKeySequence>{keys})
        return;
    if (QAction* other = keys.isEmpty() ? nullptr : m_actions.holderOf(keys, action)) {
        QList<QKeySequence> rest = other->shortcuts();
        rest.removeAll(keys);
        m_actions.setShortcuts(other, rest);
        m_conflict->setText(tr("“%1” has lost this shortcut.").arg(plainName(other)));
        for (int i = 0; i < m_list->topLevelItemCount(); ++i)
            if (actionOf(m_list->topLevelItem(i)) == other)
                m_list->topLevelItem(i)->setText(1, keysOf(other));
    }
    m_actions.setShortcuts(action, keys.isEmpty() ? QList<QKeySequence>() : QList{keys});
    item->setText(1, keysOf(action));
}

} // namespace strata::ui
