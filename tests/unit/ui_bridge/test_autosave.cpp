// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/autosave.h"

#include "tests/support/project_samples.h"
#include "ui/bridge/document.h"
#include "ui/bridge/text.h"
#include "ui/commands/marker_commands.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace strata;
using namespace strata::ui;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TestAutosave : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> dir;
    std::unique_ptr<Document> document;
    std::unique_ptr<Autosave> autosave;
    fs::path folder() const { return toPath(dir->path()) / "autosave"; }
    fs::path project() const { return toPath(dir->path()) / "p.strata"; }
    std::unique_ptr<Autosave> begin() {
        auto slot = AutosaveSlot::open(folder());
        if (!slot)
            qFatal("%s", slot.error().message.c_str());
        return std::make_unique<Autosave>(*document, std::move(*slot));
    }
    /// What somebody would find if the program ended now.
    std::vector<RecoverableAutosave> leaveBehind() {
        autosave.reset();
        return recoverableAutosaves(folder());
    }
    /// As a user's change: the document is modified afterwards.
    void change() { document->restore(sampleProject(), project()); }

private Q_SLOTS:
    void init() {
        dir = std::make_unique<QTemporaryDir>();
        document = std::make_unique<Document>();
        autosave = begin();
    }
    void cleanup() {
        autosave.reset();
        document.reset();
    }

    void theFirstChangeStartsTheClock() {
        autosave->setInterval(1ms);
        QSignalSpy saved(autosave.get(), &Autosave::saved);
        change();
        QVERIFY(saved.wait());
        const auto found = leaveBehind();
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].original, project());
        QCOMPARE(must(recover(found[0])), sampleProject());
    }

    void laterChangesDoNotPutItOff() {
        autosave->setInterval(300ms);
        QSignalSpy saved(autosave.get(), &Autosave::saved);
        change();
        QElapsedTimer clock;
        for (clock.start(); saved.isEmpty() && clock.elapsed() < 60'000; QTest::qWait(20))
            QVERIFY(ui::MarkerCommands(*document).add(5, "m", {}));
        QVERIFY(!saved.isEmpty());
    }

    void whatIsUnchangedIsNotWritten() {
        autosave->writeNow();
        QVERIFY(leaveBehind().empty());
    }

    void savingTakesItAway() {
        change();
        autosave->writeNow();
        QVERIFY(document->save(project()));
        QVERIFY(leaveBehind().empty());
    }

    void anotherProjectTakesItAway() {
        change();
        autosave->writeNow();
        document->reset();
        QVERIFY(leaveBehind().empty());
    }

    void closingTakesItAway() {
        change();
        autosave->writeNow();
        autosave->close();
        QVERIFY(leaveBehind().empty());
    }

    void endingWithoutClosingLeavesIt() {
        change();
        autosave->writeNow();
        QCOMPARE(leaveBehind().size(), std::size_t(1));
    }

    void whatIsRecoveredIsKeptAtOnce() {
        change();
        autosave->writeNow();
        const auto old = leaveBehind();
        document->reset();
        autosave = begin();
        QSignalSpy saved(autosave.get(), &Autosave::saved);
        QVERIFY(autosave->recover(old[0]));
        QCOMPARE(document->project(), sampleProject());
        QCOMPARE(document->filePath(), project());
        QVERIFY(document->isModified());
        QVERIFY(saved.wait());
        QVERIFY(!fs::exists(old[0].file));
        const auto found = leaveBehind();
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(must(recover(found[0])), sampleProject());
    }

    void aPlaceThatIsGoneIsSaid() {
        QSignalSpy failed(autosave.get(), &Autosave::failed);
        fs::remove_all(folder());
        change();
        autosave->writeNow();
        QVERIFY(failed.wait());
        QVERIFY(failed[0][0].toString().endsWith("."));
    }
};

QTEST_GUILESS_MAIN(TestAutosave)
#include "test_autosave.moc"
