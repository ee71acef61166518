// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/autosaves.h"

#include "engine/core/atomic_file.h"
#include "engine/project/edit/marker_edits.h"
#include "engine/project/edit/media_edits.h"
#include "engine/project/io/state_folder.h"
#include "tests/support/project_samples.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace strata;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TestAutosaves : public QObject {
    Q_OBJECT
    const std::chrono::sys_seconds time{std::chrono::seconds(1'700'000'000)};
    std::unique_ptr<QTemporaryDir> dir;
    fs::path folder() const { return fs::path(dir->path().toStdString()) / "autosave"; }
    AutosaveSlot slot() const {
        auto opened = AutosaveSlot::open(folder());
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        return std::move(*opened);
    }
    std::size_t files() const {
        return std::size_t(
            std::distance(fs::directory_iterator(folder()), fs::directory_iterator()));
    }

private Q_SLOTS:
    void init() { dir = std::make_unique<QTemporaryDir>(); }

    void whatWasLeftCanBeRecovered() {
        const Project p = must(addMarker(sampleProject(), {{}, 5, "unsaved", {}}));
        { QVERIFY(slot().write(p, "/projects/p.strata", time)); }
        const auto found = recoverableAutosaves(folder());
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].original, fs::path("/projects/p.strata"));
        QCOMPARE(found[0].time, time);
        QVERIFY(!found[0].originalIsNewer);
        QCOMPARE(must(recover(found[0])), p);
    }

    void whatIsOpenIsNobodyElses() {
        const AutosaveSlot open = slot();
        QVERIFY(open.write(sampleProject(), {}, time));
        QVERIFY(recoverableAutosaves(folder()).empty());
    }

    /// A process that is killed leaves its lock file, but not the lock.
    void aKilledProgramLeavesItsWork() {
        const pid_t child = ::fork();
        if (child == 0) {
            const AutosaveSlot open = slot();
            if (!open.write(sampleProject(), {}, time))
                ::_exit(1);
            ::raise(SIGKILL);
        }
        int state = 0;
        QCOMPARE(::waitpid(child, &state, 0), child);
        QVERIFY(WIFSIGNALED(state));
        const auto found = recoverableAutosaves(folder());
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY(found[0].original.empty());
        QCOMPARE(must(recover(found[0])), sampleProject());
        discard(found[0]);
        QCOMPARE(files(), std::size_t(0));
    }

    void documentsHaveTheirOwn() {
        const AutosaveSlot one = slot(), two = slot();
        QVERIFY(one.file() != two.file());
        QVERIFY(one.write(sampleProject(), {}, time));
        QVERIFY(!fs::exists(two.file()));
    }

    void anOldAutosaveIsNotOverwritten() {
        fs::path old;
        {
            const AutosaveSlot first = slot();
            QVERIFY(first.write(sampleProject(), {}, time));
            old = first.file();
        }
        QVERIFY(slot().file() != old); // of the same process
    }

    void clearingLeavesNothing() {
        {
            const AutosaveSlot open = slot();
            QVERIFY(open.write(sampleProject(), {}, time));
            open.clear();
            QVERIFY(!fs::exists(open.file()));
        }
        QCOMPARE(files(), std::size_t(0));
    }

    void theNewestComesFirst() {
        for (const int minutes : {5, 9, 1})
            QVERIFY(slot().write(sampleProject(), {}, time + std::chrono::minutes(minutes)));
        const auto found = recoverableAutosaves(folder());
        QCOMPARE(found.size(), std::size_t(3));
        QCOMPARE(found[0].time, time + 9min);
        QCOMPARE(found[2].time, time + 1min);
    }

    void aLaterSaveIsNoticed() {
        const fs::path original = folder().parent_path() / "p.strata";
        QVERIFY(writeFileAtomically(original, "x"));
        { QVERIFY(slot().write(sampleProject(), original, time)); }
        QVERIFY(recoverableAutosaves(folder())[0].originalIsNewer);
    }

    void mediaStayRelativeToTheOriginal() {
        const fs::path root = folder().parent_path();
        fs::create_directories(root / "old");
        QVERIFY(writeFileAtomically(root / "old/clip.mp4", "x"));
        const Project p =
            must(addMedia({}, sampleItem(MediaKind::Clip, (root / "old/clip.mp4").c_str())));
        { QVERIFY(slot().write(p, root / "old/p.strata", time)); }
        QCOMPARE(must(recover(recoverableAutosaves(folder())[0])), p);
    }

    void strangersAreLeftAlone() {
        fs::create_directories(folder());
        for (const char* name : {"1-0.autosave", "notes.txt", ".x.part.autosave"})
            QVERIFY(writeFileAtomically(folder() / name, "{\"strata_autosave\": 1}"));
        QVERIFY(recoverableAutosaves(folder()).empty());
        QCOMPARE(files(), std::size_t(3));
        QVERIFY(recoverableAutosaves(folder() / "nothing here").empty());
    }

    void aPlaceThatCannotBeWrittenToIsAnError() {
        const auto opened = AutosaveSlot::open("/proc/nowhere");
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Io);
    }

    void theStateFolderFollowsTheSpecification() {
        qputenv("HOME", "/home/ann");
        qputenv("XDG_STATE_HOME", "/state");
        QCOMPARE(stateFolder(), fs::path("/state/strata"));
        qputenv("XDG_STATE_HOME", "relative");
        QCOMPARE(stateFolder(), fs::path("/home/ann/.local/state/strata"));
    }
};

QTEST_GUILESS_MAIN(TestAutosaves)
#include "test_autosaves.moc"
