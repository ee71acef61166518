// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/command_search.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QTest>

using namespace strata::ui;

class TestCommandSearch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void lettersMustAllBeThereInOrder() {
        QCOMPARE(commandScore("Side by Side", "xyz"), 0);
        QCOMPARE(commandScore("Side by Side", "yb"), 0);
        QVERIFY(commandScore("Side by Side", "sbs") > 0);
        QVERIFY(commandScore("Side by Side", "") > 0);
    }

    void startsOfWordsCountMost() {
        QVERIFY(commandScore("Zoom In", "zi") > commandScore("Horizontal Line", "zi"));
        QVERIFY(commandScore("Save As", "SAVE") > commandScore("Safe average", "save"));
    }

    void enterRunsWhatWasFound() {
        QAction fit("&Fit"), loop("&Loop"), off("Looking glass");
        off.setEnabled(false);
        int ran = 0;
        connect(&loop, &QAction::triggered, this, [&] { ++ran; });
        CommandSearch search({&fit, &loop, &off}, nullptr);
        auto* list = search.findChild<QListWidget*>();
        QCOMPARE(list->count(), 2); // what cannot be done is left out
        auto* field = search.findChild<QLineEdit*>();
        QTest::keyClicks(field, "lo");
        QCOMPARE(list->count(), 1);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(ran, 1);
    }

    void arrowsMoveInTheList() {
        QAction a("Alpha"), b("Beta");
        int ran = 0;
        connect(&b, &QAction::triggered, this, [&] { ++ran; });
        CommandSearch search({&a, &b}, nullptr);
        auto* field = search.findChild<QLineEdit*>();
        QTest::keyClick(field, Qt::Key_Down);
        QTest::keyClick(field, Qt::Key_Down);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(ran, 1);
    }
};

QTEST_MAIN(TestCommandSearch)
#include "test_command_search.moc"
