// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/command_search.h"

#include "ui/main_window/actions.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kIcon = 16, kRowMargin = 4; // points
constexpr int kWordStart = 8, kNextLetter = 4, kLetter = 1;

} // namespace

int commandScore(const QString& text, const QString& typed) {
    if (typed.isEmpty())
        return 1;
    int score = 0;
    qsizetype from = 0, last = -2;
    for (const QChar letter : typed) {
        if (letter.isSpace())
            continue;
        const qsizetype at = text.indexOf(letter, from, Qt::CaseInsensitive);
        if (at < 0)
            return 0;
        const bool starts = at == 0 || !text[at - 1].isLetterOrNumber();
        score += starts ? kWordStart : at == last + 1 ? kNextLetter : kLetter;
        last = at;
        from = at + 1;
    }
    return score;
}

CommandSearch::CommandSearch(std::vector<QAction*> actions, QWidget* parent)
    : QDialog(parent)
    , m_actions(std::move(actions))
    , m_field(new QLineEdit(this))
    , m_list(new QListWidget(this)) {
    setWindowTitle(tr("Find Command"));
    setObjectName(QStringLiteral("commandSearch"));
    resize(480, 360);
    m_field->setPlaceholderText(tr("Type a few letters of what you want to do"));
    m_field->setAccessibleName(tr("Command"));
    m_list->setAccessibleName(tr("Commands found"));
    m_list->setIconSize({kIcon, kIcon});
    m_list->setUniformItemSizes(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandSearch::refresh);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandSearch::run);
    connect(m_list, &QListWidget::itemActivated, this, &CommandSearch::run);
    refresh();
}

void CommandSearch::refresh() {
    struct Found {
        int score;
        std::size_t index;
    };
    std::vector<Found> found;
    for (std::size_t i = 0; i < m_actions.size(); ++i)
        if (const int score = commandScore(plainName(m_actions[i]), m_field->text());
            score > 0 && m_actions[i]->isEnabled())
            found.push_back({score, i});
    std::ranges::stable_sort(found, std::ranges::greater(), &Found::score);
    m_list->clear();
    for (const Found& entry : found) {
        const QAction* action = m_actions[entry.index];
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(
            action->icon(), keys.isEmpty() ? plainName(action) : plainName(action) + "   " + keys,
            m_list);
        item->setData(Qt::UserRole, qulonglong(entry.index));
        // Most commands have no icon: rows must not be as low as the first of these.
        item->setSizeHint({0, std::max(kIcon, fontMetrics().height()) + 2 * kRowMargin});
    }
    m_list->setCurrentRow(0);
}

void CommandSearch::run() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item)
        return;
    QAction* action = m_actions[item->data(Qt::UserRole).toULongLong()];
    accept();
    action->trigger();
}

/// Up and down move in the list while the field keeps the focus.
bool CommandSearch::eventFilter(QObject* object, QEvent* event) {
    if (object == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(object, event);
}

} // namespace strata::ui
