// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/document.h"

#include "engine/core/atomic_file.h"
#include "engine/project/io/project_file.h"
#include "tests/support/project_samples.h"
#include "ui/bridge/text.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace strata;
using namespace strata::ui;
namespace fs = std::filesystem;

class TestDocument : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> dir;
    std::unique_ptr<Document> document;
    fs::path file(const char* name = "p.strata") const { return toPath(dir->path()) / name; }

private Q_SLOTS:
    void init() {
        dir = std::make_unique<QTemporaryDir>();
        document = std::make_unique<Document>();
        document->restore(sampleProject(), {});
    }

    void beginsEmptyAndUnmodified() {
        const Document fresh;
        QCOMPARE(fresh.project(), Project());
        QVERIFY(!fresh.isModified());
        QCOMPARE(fresh.displayName(), QString("Untitled"));
    }

    void whatIsSavedIsLoaded() {
        QSignalSpy modified(document.get(), &Document::modifiedChanged);
        QVERIFY(document->isModified());
        QVERIFY(document->save(file()));
        QVERIFY(!document->isModified());
        QCOMPARE(modified.count(), 1);
        QCOMPARE(document->filePath(), file());
        QCOMPARE(document->displayName(), QString("p"));
        Document other;
        QSignalSpy replaced(&other, &Document::projectReplaced);
        QVERIFY(other.load(file()));
        QCOMPARE(other.project(), document->project());
        QCOMPARE(replaced.count(), 1);
        QVERIFY(!other.isModified());
    }

    void aSaveThatFailsChangesNothing() {
        const auto status = document->save("/nonexistent/p.strata");
        QVERIFY(!status);
        QVERIFY(document->isModified());
        QVERIFY(document->filePath().empty());
    }

    void aLoadThatFailsChangesNothing() {
        QVERIFY(document->save(file()));
        QVERIFY(writeFileAtomically(file("broken.strata"), "{"));
        QSignalSpy replaced(document.get(), &Document::projectReplaced);
        QVERIFY(!document->load(file("broken.strata")));
        QCOMPARE(document->project(), sampleProject());
        QCOMPARE(document->filePath(), file());
        QCOMPARE(replaced.count(), 0);
        QCOMPARE(*readFile(file("broken.strata")), std::string("{"));
    }

    void aNewProjectForgetsTheOld() {
        QVERIFY(document->save(file()));
        document->reset();
        QCOMPARE(document->project(), Project());
        QVERIFY(document->filePath().empty());
        QVERIFY(!document->isModified());
    }

    void unsavedWorkIsForgottenAsWell() {
        QVERIFY(document->isModified());
        document->reset();
        QVERIFY(!document->isModified());
    }

    void whatIsRestoredIsUnsavedWork() {
        document->restore(sampleProject(), file());
        QVERIFY(document->isModified());
        QCOMPARE(document->filePath(), file());
        QVERIFY(!document->undoStack().canUndo());
        QVERIFY(document->save(document->filePath()));
        QVERIFY(!document->isModified());
    }

    void savingAgainKeepsTheOldState() {
        document->setBackups(Backups(file("backups")));
        QVERIFY(document->save(file()));
        const Project old = document->project();
        document->reset();
        QVERIFY(document->save(file()));
        const auto kept = Backups(file("backups")).list(file());
        QCOMPARE(kept.size(), std::size_t(1));
        QCOMPARE(must(loadProject(kept[0].file, file().parent_path())), old);
    }

    void aBackupThatFailsDoesNotStopTheSave() {
        QVERIFY(document->save(file()));
        document->setBackups(Backups("/proc/nowhere"));
        QSignalSpy warned(document.get(), &Document::warned);
        QVERIFY(document->save(file()));
        QCOMPARE(warned.count(), 1);
        QVERIFY(warned[0][0].toString().endsWith("."));
    }

    void factsAreLearntWithoutAStep() {
        QVERIFY(document->save(file()));
        QSignalSpy media(document.get(), &Document::mediaChanged);
        QSignalSpy clip(document.get(), &Document::clipChanged);
        MediaFacts facts;
        facts.size = {40, 30};
        QVERIFY(document->learnMedia(MediaId{2}, facts));
        QCOMPARE(document->project().find(MediaId{2})->facts, facts);
        QCOMPARE(media.count(), 1);
        QCOMPARE(clip.count(), 0);
        facts = document->project().find(MediaId{1})->facts;
        facts.digest = "another";
        QVERIFY(document->learnMedia(MediaId{1}, facts));
        QCOMPARE(clip.count(), 1);
        QVERIFY(!document->isModified());
        QCOMPARE(document->undoStack().count(), 0);
    }

    void namesOfFilesAreKept() {
        const auto name = toPath(QString::fromUtf8("雪 100%.strata"));
        QVERIFY(document->save(file() / ".." / name));
        QCOMPARE(toQt(document->filePath().filename()), QString::fromUtf8("雪 100%.strata"));
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "test_document.moc"
