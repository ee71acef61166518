// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/backups.h"

#include "engine/core/atomic_file.h"

#include <QTemporaryDir>
#include <QTest>

using namespace strata;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TestBackups : public QObject {
    Q_OBJECT
    const std::chrono::sys_seconds start =
        std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + 23h + 59min;
    QTemporaryDir dir;
    fs::path root() const { return dir.path().toStdString(); }
    fs::path project() const { return root() / "my project.strata"; }
    Backups backups() const { return Backups(root() / "state", {10min, 3}); }
    void save(const char* content) const { QVERIFY(writeFileAtomically(project(), content)); }

private Q_SLOTS:
    void init() {
        fs::remove_all(root() / "state");
        save("one");
    }

    void theOldStateIsKept() {
        QVERIFY(*backups().keep(project(), start));
        save("two");
        const auto list = backups().list(project());
        QCOMPARE(list.size(), std::size_t(1));
        QCOMPARE(list[0].time, start);
        QCOMPARE(*readFile(list[0].file), std::string("one"));
        QCOMPARE(list[0].file.filename(), fs::path("2024-02-29T23-59-00.strata"));
    }

    void thereIsTimeBetweenThem() {
        QVERIFY(*backups().keep(project(), start));
        QVERIFY(!*backups().keep(project(), start + 9min));
        QVERIFY(*backups().keep(project(), start + 10min));
        QCOMPARE(backups().list(project()).size(), std::size_t(2));
    }

    void aClockSetBackDoesNotStopThem() {
        QVERIFY(*backups().keep(project(), start + 1h));
        QVERIFY(*backups().keep(project(), start));
    }

    void onlyTheNewestAreKept() {
        for (int i = 0; i < 6; ++i)
            QVERIFY(*backups().keep(project(), start + i * 10min));
        const auto list = backups().list(project());
        QCOMPARE(list.size(), std::size_t(3));
        QCOMPARE(list.front().time, start + 50min);
        QCOMPARE(list.back().time, start + 30min);
    }

    void projectsAreKeptApart() {
        const fs::path other = root() / "elsewhere/my project.strata";
        fs::create_directories(other.parent_path());
        QVERIFY(writeFileAtomically(other, "other"));
        QVERIFY(*backups().keep(project(), start));
        QVERIFY(*backups().keep(other, start));
        QCOMPARE(backups().list(project()).size(), std::size_t(1));
        QCOMPARE(*readFile(backups().list(other)[0].file), std::string("other"));
    }

    void whatIsNotThereNeedsNoBackup() {
        QVERIFY(!*backups().keep(root() / "never saved.strata", start));
        QVERIFY(backups().list(root() / "never saved.strata").empty());
    }

    void strangersAreLeftAlone() {
        QVERIFY(*backups().keep(project(), start));
        const fs::path stranger =
            backups().list(project())[0].file.parent_path() / "2024-99-99T00-00-00.strata";
        QVERIFY(writeFileAtomically(stranger, "x"));
        for (int i = 1; i < 6; ++i)
            QVERIFY(*backups().keep(project(), start + i * 10min));
        QCOMPARE(backups().list(project()).size(), std::size_t(3));
        QVERIFY(fs::exists(stranger));
    }

    void aPlaceThatCannotBeWrittenToIsAnError() {
        const Backups nowhere("/proc/nowhere");
        const auto kept = nowhere.keep(project(), start);
        QVERIFY(!kept);
        QCOMPARE(kept.error().code, ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestBackups)
#include "test_backups.moc"
