// SPDX-License-Identifier: Apache-2.0
#include "ui/translations/translations.h"

#include "ui/bridge/worker_process.h"
#include "ui/main_window/action_table.h"
#include "ui/main_window/main_window.h"
#include "ui/session/job_list.h"
#include "ui/widgets/timeline/timeline_widget.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace strata::ui;

namespace {

struct Entry {
    QString source, state; // state: "unfinished", "vanished" or empty
    QStringList texts;     // one for each plural form
};

QList<Entry> entriesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QXmlStreamReader xml(&file);
    QList<Entry> entries;
    bool numbered = false;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("message")) {
            entries.emplace_back();
            numbered = xml.attributes().hasAttribute(QLatin1String("numerus"));
        } else if (xml.name() == QLatin1String("source")) {
            entries.back().source = xml.readElementText();
        } else if (xml.name() == QLatin1String("translation")) {
            entries.back().state = xml.attributes().value(QLatin1String("type")).toString();
            if (!numbered)
                entries.back().texts << xml.readElementText();
        } else if (xml.name() == QLatin1String("numerusform")) {
            entries.back().texts << xml.readElementText();
        }
    }
    return xml.hasError() ? QList<Entry>() : entries;
}

/// What a translation must have as well, in order: placeholders, the mnemonic, the mark of a
/// changed window, tags, and the files of a dialog.
QStringList fixedParts(const QString& text) {
    static const QRegularExpression fixed(
        QStringLiteral(R"(%n|%\d|&\w|\[\*\]|</?\w+[^>]*>|;;|\(\*[^)]*\)|…$)"));
    QStringList parts;
    for (auto match = fixed.globalMatch(text); match.hasNext();)
        parts << match.next().captured().toUpper();
    parts.sort();
    return parts;
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT

    static bool areBuilt() { return QFile::exists(":/strata/translations/strata_zh_CN.qm"); }

    static void addFiles() {
        QTest::addColumn<QString>("path");
        for (const char* name : {"strata_en", "strata_zh_CN"})
            QTest::addRow("%s", name)
                << QStringLiteral(STRATA_SOURCE_DIR "/ui/translations/%1.ts").arg(name);
    }

private Q_SLOTS:
    void everyEntryIsFinished_data() { addFiles(); }
    void everyEntryIsFinished() {
        QFETCH(QString, path);
        const QList<Entry> entries = entriesOf(path);
        QVERIFY(!entries.isEmpty());
        for (const Entry& entry : entries) {
            QVERIFY2(entry.state.isEmpty(), qPrintable(entry.source));
            QVERIFY2(!entry.texts.isEmpty() && !entry.texts.contains(QString()),
                     qPrintable(entry.source));
        }
    }

    void whatIsFixedInATextIsKept_data() { addFiles(); }
    void whatIsFixedInATextIsKept() {
        QFETCH(QString, path);
        for (const Entry& entry : entriesOf(path))
            for (const QString& text : entry.texts)
                QVERIFY2(fixedParts(text) == fixedParts(entry.source),
                         qPrintable(entry.source + " -> " + text));
    }

    void chineseIsFoundByTheClasses() {
        if (!areBuilt())
            QSKIP("Qt's lrelease was not there when this was built");
        QCOMPARE(MainWindow::tr("Unsaved Changes"), QString("Unsaved Changes"));
        const Translations translations("zh_CN");
        QCOMPARE(translations.language(), QString("zh_CN"));
        QCOMPARE(MainWindow::tr("Unsaved Changes"), QString("未保存的更改"));
        QCOMPARE(TimelineWidget::tr("Set in here"), QString("在此处设置入点"));
        QCOMPARE(JobList::tr("Done"), QString("完成"));
        QCOMPARE(menuTitle(MenuPlace::File), QString("文件(&F)"));
        QCOMPARE(WorkerProcess::tr("The worker did not answer for %n seconds.", nullptr, 1),
                 QString("工作进程已有 1 秒没有应答。"));
        for (const ActionSpec& action : actionTable())
            QVERIFY2(QCoreApplication::translate("Action", action.text) !=
                             QString::fromUtf8(action.text) ||
                         QLatin1String(action.id) == QLatin1String("view.pixels"), // "1:1"
                     action.id);
    }

    void englishHasItsSingular() {
        if (!areBuilt())
            QSKIP("Qt's lrelease was not there when this was built");
        const Translations translations("en");
        const auto silent = [](int seconds) {
            return WorkerProcess::tr("The worker did not answer for %n seconds.", nullptr, seconds);
        };
        QCOMPARE(silent(1), QString("The worker did not answer for 1 second."));
        QCOMPARE(silent(30), QString("The worker did not answer for 30 seconds."));
        QCOMPARE(MainWindow::tr("Unsaved Changes"), QString("Unsaved Changes"));
    }

    void aLanguageThatIsNotThereBecomesEnglish() {
        if (!areBuilt())
            QSKIP("Qt's lrelease was not there when this was built");
        QCOMPARE(Translations("fr_FR").language(), QString("en"));
    }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "test_translations.moc"
