// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace strata;
namespace fs = std::filesystem;

class TestAtomicFile : public QObject {
    Q_OBJECT
    static std::size_t entries(const fs::path& folder) {
        return std::size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

private Q_SLOTS:
    void withoutACommitTheOldFileStays() {
        QTemporaryDir dir;
        const fs::path target = fs::path(dir.path().toStdString()) / "a.txt";
        QVERIFY(writeFileAtomically(target, "old"));
        {
            AtomicFile file(target);
            std::ofstream(file.path()) << "half";
        }
        QCOMPARE(*readFile(target), std::string("old"));
        QCOMPARE(entries(target.parent_path()), std::size_t(1));
    }

    void aCommitReplacesTheFile() {
        QTemporaryDir dir;
        const fs::path target = fs::path(dir.path().toStdString()) / "a.txt";
        QVERIFY(writeFileAtomically(target, "old"));
        QVERIFY(writeFileAtomically(target, "new"));
        QCOMPARE(*readFile(target), std::string("new"));
        QCOMPARE(entries(target.parent_path()), std::size_t(1));
    }

    void theTemporaryNameKeepsTheExtension() {
        const AtomicFile file("/tmp/clip.mp4");
        QCOMPARE(file.path().extension(), fs::path(".mp4"));
    }

    void anUnwritableFolderIsAnError() {
        const auto status = writeFileAtomically("/nonexistent/folder/a.txt", "x");
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::Io);
    }

    void readingRespectsTheLimit() {
        QTemporaryDir dir;
        const fs::path target = fs::path(dir.path().toStdString()) / "a.txt";
        QVERIFY(writeFileAtomically(target, "12345"));
        QVERIFY(readFile(target, 5));
        QVERIFY(!readFile(target, 4));
    }
};

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "test_atomic_file.moc"
