// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/workspaces.h"

#include "tests/support/own_settings.h"

#include <QDockWidget>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace strata::ui;

class TestWorkspaces : public QObject {
    Q_OBJECT
    struct Editor {
        QMainWindow window;
        Actions actions{&window};
        Preferences preferences;
        std::unique_ptr<Workspaces> workspaces;

        Editor() {
            window.setCentralWidget(new QWidget);
            for (const char* name : {"dock.media", "dock.layers", "dock.sources", "dock.inspector",
                                     "dock.timeline", "dock.jobs", "dock.history"}) {
                auto* dock = new QDockWidget(&window);
                dock->setObjectName(name);
                dock->setWidget(new QWidget);
                window.addDockWidget(Qt::LeftDockWidgetArea, dock);
            }
            workspaces = std::make_unique<Workspaces>(window, actions, preferences);
            window.show();
        }
        QSet<QString> shown() const {
            QSet<QString> names;
            for (const QDockWidget* dock : window.findChildren<QDockWidget*>())
                if (!dock->isHidden())
                    names << dock->objectName();
            return names;
        }
        QDockWidget* dock(const char* name) const { return window.findChild<QDockWidget*>(name); }
    };
    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_folder); }
    void init() { QSettings().clear(); }

    void shippedOnesShowTheirPanels() {
        Editor editor;
        editor.actions.at("window.review")->trigger();
        QCOMPARE(editor.shown(), QSet<QString>{"dock.timeline"});
        editor.actions.at("window.layers")->trigger();
        QCOMPARE(editor.shown(), (QSet<QString>{"dock.layers", "dock.inspector", "dock.sources",
                                                "dock.timeline", "dock.jobs"}));
        editor.dock("dock.layers")->setFloating(true);
        editor.actions.at("window.editing")->trigger();
        QCOMPARE(editor.shown().size(), 7);
        QVERIFY(!editor.dock("dock.layers")->isFloating());
    }

    void aNamedOneComesBack() {
        {
            Editor editor;
            editor.workspaces->apply(Workspaces::Shipped::Review);
            editor.window.addDockWidget(Qt::RightDockWidgetArea, editor.dock("dock.history"));
            editor.dock("dock.history")->show();
            editor.workspaces->save("Cleaning up");
        }
        Editor later;
        later.workspaces->apply(Workspaces::Shipped::Editing);
        const auto entries = later.actions.at("window.workspaces")->menu()->actions();
        QCOMPARE(entries.size(), 1);
        QCOMPARE(entries[0]->text(), "Cleaning up");
        entries[0]->trigger();
        QCOMPARE(later.shown(), (QSet<QString>{"dock.timeline", "dock.history"}));
        QCOMPARE(later.window.dockWidgetArea(later.dock("dock.history")), Qt::RightDockWidgetArea);
    }

    void aNameIsReplacedOrForgotten() {
        Editor editor;
        editor.workspaces->apply(Workspaces::Shipped::Review);
        editor.workspaces->save("mine");
        editor.workspaces->apply(Workspaces::Shipped::Editing);
        editor.workspaces->save("mine");
        editor.workspaces->apply(Workspaces::Shipped::Review);
        QVERIFY(editor.workspaces->apply("mine"));
        QCOMPARE(editor.shown().size(), 7);
        editor.actions.at("window.removeWorkspace")->menu()->actions().first()->trigger();
        QVERIFY(!editor.workspaces->apply("mine"));
        QVERIFY(!editor.actions.at("window.workspaces")->menu()->isEnabled());
    }

    void aForeignArrangementChangesNothing() {
        Editor editor;
        editor.workspaces->apply(Workspaces::Shipped::Review);
        editor.preferences.setWorkspace("odd", "no arrangement");
        QVERIFY(!editor.workspaces->apply("odd"));
        QVERIFY(!editor.workspaces->apply("unknown"));
        QCOMPARE(editor.shown(), QSet<QString>{"dock.timeline"});
    }
};

QTEST_MAIN(TestWorkspaces)
#include "test_workspaces.moc"
