// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/actions.h"

#include "tests/support/own_settings.h"

#include <QMap>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

using namespace strata::ui;

class TestActions : public QObject {
    Q_OBJECT
    QTemporaryDir folder;

private Q_SLOTS:
    void initTestCase() { useOwnSettings(folder); }
    void init() { QSettings().clear(); }

    void everyIdIsThereOnce() {
        QSet<QString> ids;
        for (const ActionSpec& spec : actionTable()) {
            QVERIFY2(!ids.contains(spec.id), spec.id);
            ids << spec.id;
            QVERIFY2(*spec.text, spec.id);
        }
    }

    void noShortcutIsShippedTwice() {
        QWidget window;
        const Actions actions(&window);
        QMap<QString, QString> holders;
        for (const QAction* action : actions.all())
            for (const QKeySequence& keys : action->shortcuts()) {
                QVERIFY2(!keys.isEmpty(), qPrintable(action->objectName()));
                const QString text = keys.toString(QKeySequence::PortableText);
                QVERIFY2(!holders.contains(text),
                         qPrintable(text + ": " + holders[text] + ", " + action->objectName()));
                holders[text] = action->objectName();
            }
    }

    void everyActionIsInAMenu() {
        QWidget window;
        Actions actions(&window);
        QMenuBar bar;
        actions.fill(&bar);
        for (const ActionSpec& spec : actionTable())
            QVERIFY2(actions.menu(spec.menu)->actions().contains(actions.at(spec.id)), spec.id);
    }

    void aChosenShortcutIsKept() {
        const QKeySequence keys("Ctrl+Alt+P");
        {
            QWidget window;
            Actions actions(&window);
            QVERIFY(!actions.holderOf(keys, nullptr));
            actions.setShortcuts(actions.at("play.toggle"), {keys});
        }
        QWidget window;
        Actions actions(&window);
        QCOMPARE(actions.holderOf(keys, nullptr), actions.at("play.toggle"));
        actions.resetShortcuts();
        QCOMPARE(actions.at("play.toggle")->shortcut(), QKeySequence("Space"));
        QVERIFY(QSettings().allKeys().isEmpty());
    }

    void aNameHasNoMnemonicInAnyLanguage() {
        for (const char* text : {"&打开…", "打开(&O)…", "打开 (&O)…"})
            QCOMPARE(plainName(std::make_unique<QAction>(text).get()), QString("打开…"));
        QCOMPARE(plainName(std::make_unique<QAction>("&Open (a file)").get()),
                 QString("Open (a file)"));
    }

    void checkingByProgramTellsNobody() {
        QWidget window;
        Actions actions(&window);
        int told = 0;
        actions.onToggled("play.loop", [&](bool) { ++told; });
        actions.setChecked("play.loop", true);
        QVERIFY(actions.at("play.loop")->isChecked());
        QCOMPARE(told, 0);
        actions.at("play.loop")->trigger();
        QCOMPARE(told, 1);
    }
};

QTEST_MAIN(TestActions)
#include "test_actions.moc"
