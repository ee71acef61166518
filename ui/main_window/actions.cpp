// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QWidget>

namespace strata::ui {
namespace {

QList<QKeySequence> sequences(const QString& text) {
    QList<QKeySequence> keys;
    for (const QString& part : text.split(QStringLiteral("; "), Qt::SkipEmptyParts))
        keys << QKeySequence(part, QKeySequence::PortableText);
    return keys;
}

QString textOf(const QList<QKeySequence>& keys) {
    QStringList parts;
    for (const QKeySequence& key : keys)
        parts << key.toString(QKeySequence::PortableText);
    return parts.join(QStringLiteral("; "));
}

QString settingOf(const QString& id) { return QStringLiteral("shortcuts/") + id; }

QActionGroup* groupOf(QWidget* window, const char* name) {
    const QString id = QStringLiteral("group.") + QLatin1String(name);
    if (auto* group = window->findChild<QActionGroup*>(id))
        return group;
    auto* group = new QActionGroup(window); // owned by the window
    group->setObjectName(id);
    return group;
}

} // namespace

QString plainName(const QAction* action) {
    static const QRegularExpression inBrackets(QStringLiteral(R"(\s*\(&\w\))"));
    QString text = action->text();
    return text.remove(inBrackets).remove(QLatin1Char('&'));
}

Actions::Actions(QWidget* window)
    : QObject(window) {
    for (const ActionSpec& spec : actionTable()) {
        QAction* action = make(spec, window);
        m_all.push_back(action);
        m_byId.insert(action->objectName(), action);
        window->addAction(action);
    }
}

QAction* Actions::make(const ActionSpec& spec, QWidget* window) {
    auto* action = new QAction(QCoreApplication::translate("Action", spec.text), window);
    const QString id = QLatin1String(spec.id);
    action->setObjectName(id);
    action->setToolTip(plainName(action)); // Qt's own would keep "(F)" of "(&F)"
    action->setShortcutContext(Qt::WindowShortcut);
    action->setShortcuts(m_settings.contains(settingOf(id))
                             ? sequences(m_settings.value(settingOf(id)).toString())
                             : sequences(QLatin1String(spec.shortcut)));
    if (spec.icon)
        action->setIcon(themeIcon(*spec.icon));
    if (*spec.group) {
        action->setCheckable(true);
        if (QLatin1String(spec.group) != QLatin1String("on"))
            action->setActionGroup(groupOf(window, spec.group));
    }
    return action;
}

QAction* Actions::at(const char* id) const {
    QAction* action = m_byId.value(QLatin1String(id));
    Q_ASSERT_X(action, "Actions", id);
    return action;
}

void Actions::onTriggered(const char* id, std::function<void()> what) {
    connect(at(id), &QAction::triggered, this, [what = std::move(what)] { what(); });
}

void Actions::onToggled(const char* id, std::function<void(bool)> what) {
    connect(at(id), &QAction::triggered, this, [what = std::move(what)](bool on) { what(on); });
}

void Actions::setChecked(const char* id, bool checked) {
    QAction* action = at(id);
    const QSignalBlocker quiet(action);
    action->setChecked(checked);
}

void Actions::setEnabled(std::initializer_list<const char*> ids, bool enabled) {
    for (const char* id : ids)
        at(id)->setEnabled(enabled);
}

void Actions::fill(QMenuBar* bar) {
    for (const ActionSpec& spec : actionTable()) {
        QMenu*& menu = m_menus[int(spec.menu)];
        if (!menu) {
            menu = bar->addMenu(menuTitle(spec.menu));
            menu->setToolTipsVisible(true);
        }
        if (spec.separatorBefore)
            menu->addSeparator();
        menu->addAction(at(spec.id));
    }
}

QList<QKeySequence> Actions::shippedShortcuts(const QString& id) const {
    for (const ActionSpec& spec : actionTable())
        if (id == QLatin1String(spec.id))
            return sequences(QLatin1String(spec.shortcut));
    return {};
}

QAction* Actions::holderOf(const QKeySequence& keys, const QAction* except) const {
    for (QAction* action : m_all)
        if (action != except && action->shortcuts().contains(keys))
            return action;
    return nullptr;
}

void Actions::setShortcuts(QAction* action, const QList<QKeySequence>& keys) {
    action->setShortcuts(keys);
    const QString id = action->objectName();
    if (keys == shippedShortcuts(id))
        m_settings.remove(settingOf(id));
    else
        m_settings.setValue(settingOf(id), textOf(keys));
}

void Actions::resetShortcuts() {
    for (QAction* action : m_all)
        setShortcuts(action, shippedShortcuts(action->objectName()));
}

} // namespace strata::ui
