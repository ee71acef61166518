// SPDX-License-Identifier: Apache-2.0
#include "engine/cache/cache_key.h"
#include "engine/cache/cache_store.h"

#include "engine/core/atomic_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace strata;
namespace fs = std::filesystem;

class TestCacheStore : public QObject {
    Q_OBJECT

    static std::string key(int n) { return CacheKey("test", n).hex(); }

    static Result<fs::path> put(CacheStore& store, int n, std::size_t bytes = 1000) {
        auto writer = store.create(key(n));
        if (!writer)
            return writer.error();
        std::ofstream(writer->file("data")) << std::string(bytes, char('a' + n % 26));
        return writer->commit();
    }

    static std::size_t temporaries(const CacheStore& store) {
        return std::size_t(std::distance(fs::directory_iterator(store.root() / "temporary"),
                                         fs::directory_iterator()));
    }

private Q_SLOTS:
    void keysDependOnEveryPartAndItsPlace() {
        const std::string base = CacheKey("matte", 1).params("{\"a\":1}").input("x").hex();
        QVERIFY(isCacheKey(base));
        QCOMPARE(CacheKey("matte", 1).params("{\"a\":1}").input("x").hex(), base);
        QVERIFY(CacheKey("matte", 2).params("{\"a\":1}").input("x").hex() != base);
        QVERIFY(CacheKey("matte", 1).params("{\"a\":2}").input("x").hex() != base);
        QVERIFY(CacheKey("matte", 1).params("{\"a\":1}").model("x").hex() != base);
        QVERIFY(CacheKey("s", 1).input("ab").input("c").hex() !=
                CacheKey("s", 1).input("a").input("bc").hex());
        QVERIFY(CacheKey("s", 1).range({0, 8}).hex() != CacheKey("s", 1).range({0, 9}).hex());
        QVERIFY(!isCacheKey("../../etc/passwd"));
    }

    void anEntryIsThereAfterItsCommitOnly() {
        QTemporaryDir dir;
        auto store = *CacheStore::open(dir.path().toStdString());
        {
            auto writer = *store->create(key(1));
            std::ofstream(writer.file("data")) << "half";
            QVERIFY(!store->find(key(1)));
        }
        QVERIFY(!store->find(key(1)));
        QCOMPARE(temporaries(*store), std::size_t(0));
        QVERIFY(put(*store, 1));
        const auto folder = store->find(key(1));
        QVERIFY(folder.has_value());
        QCOMPARE(folder->parent_path().filename().string(), key(1).substr(0, 2));
        QCOMPARE(readFile(*folder / "data")->size(), std::size_t(1000));
        QCOMPARE(store->bytes(), std::uint64_t(1000));
        QVERIFY(store->remove(key(1)));
        QVERIFY(!store->contains(key(1)));
        QCOMPARE(store->bytes(), std::uint64_t(0));
    }

    void theSecondOfTwoWritersLosesQuietly() {
        QTemporaryDir dir;
        auto store = *CacheStore::open(dir.path().toStdString());
        auto first = *store->create(key(1));
        auto second = *store->create(key(1));
        std::ofstream(first.file("data")) << "same";
        std::ofstream(second.file("data")) << "same";
        QVERIFY(first.commit());
        const auto late = second.commit();
        QVERIFY(late);
        QCOMPARE(*readFile(*late / "data"), std::string("same"));
        QCOMPARE(store->bytes(), std::uint64_t(4));
        QCOMPARE(temporaries(*store), std::size_t(0));
    }

    void theLongestUnusedGoFirst() {
        QTemporaryDir dir;
        auto store = *CacheStore::open(dir.path().toStdString(), 3500);
        for (int n : {1, 2, 3})
            QVERIFY(put(*store, n));
        QVERIFY(store->find(key(1))); // used again: now 2 is the oldest
        QVERIFY(put(*store, 4));
        QVERIFY(!store->contains(key(2)));
        for (int n : {1, 3, 4})
            QVERIFY(store->contains(key(n)));
        QCOMPARE(store->bytes(), std::uint64_t(3000));
        QVERIFY(put(*store, 5, 9000)); // larger than the store: stays until the next one comes
        QVERIFY(store->contains(key(5)));
        QCOMPARE(store->bytes(), std::uint64_t(9000));
    }

    void pinnedEntriesStay() {
        QTemporaryDir dir;
        auto store = *CacheStore::open(dir.path().toStdString(), 2500);
        auto other = *CacheStore::open(dir.path().toStdString(), 2500);
        QVERIFY(put(*store, 1) && put(*store, 2));
        {
            auto pins = *other->pins();
            QVERIFY(pins.pin({key(1), key(2)}));
            QVERIFY(put(*store, 3) && put(*store, 4));
            QVERIFY(store->contains(key(1)) && store->contains(key(2)));
            QVERIFY(!store->contains(key(3)));
            QVERIFY(pins.unpin({key(1)}));
            QVERIFY(put(*store, 5));
            QVERIFY(!store->contains(key(1)) && store->contains(key(2)));
            QVERIFY(!pins.pin({"no key"}));
        }
        QVERIFY(put(*store, 6) && put(*store, 7));
        QVERIFY(!store->contains(key(2)));
    }

    void whatACrashLeavesIsRemoved() {
        QTemporaryDir dir;
        const fs::path root = dir.path().toStdString();
        { auto store = *CacheStore::open(root); }
        const pid_t child = ::fork();
        if (child == 0) {
            auto store = CacheStore::open(root);
            auto writer = (*store)->create(key(1));
            auto pins = (*store)->pins();
            (void)pins->pin({key(2)});
            std::ofstream(writer->file("data")) << "half";
            ::_exit(0); // no destructor runs
        }
        ::waitpid(child, nullptr, 0);
        QVERIFY(!fs::is_empty(root / "temporary"));
        auto store = *CacheStore::open(root, 1500);
        QCOMPARE(temporaries(*store), std::size_t(0));
        QVERIFY(!store->contains(key(1)));
        QVERIFY(put(*store, 2) && put(*store, 3));
        QVERIFY(!store->contains(key(2))); // its pin died with the process
    }

    void openingLeavesLivingWritersAlone() {
        QTemporaryDir dir;
        auto store = *CacheStore::open(dir.path().toStdString());
        auto writer = *store->create(key(1));
        std::ofstream(writer.file("data")) << "ours";
        auto other = *CacheStore::open(dir.path().toStdString());
        QVERIFY(writer.commit());
        QVERIFY(other->contains(key(1)));
    }

    void processesAndThreadsShareOneStore() {
        QTemporaryDir dir;
        const fs::path root = dir.path().toStdString();
        const pid_t child = ::fork();
        if (child == 0) {
            auto store = *CacheStore::open(root);
            bool fine = true;
            for (int n = 0; n < 20; ++n)
                fine = fine && put(*store, n, 100);
            ::_exit(fine ? 0 : 1);
        }
        auto store = *CacheStore::open(root);
        std::atomic<int> failures = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 3; ++t)
                threads.emplace_back([&] {
                    for (int n = 0; n < 20; ++n)
                        failures += put(*store, n, 100) ? 0 : 1;
                });
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QCOMPARE(status, 0);
        QCOMPARE(failures.load(), 0);
        QCOMPARE(store->bytes(), std::uint64_t(2000));
        fs::remove(root / "usage");
        QCOMPARE(store->bytes(), std::uint64_t(2000));
    }

    void anUnusablePlaceIsOneSentence() {
        QTemporaryDir dir;
        const fs::path file = fs::path(dir.path().toStdString()) / "file";
        QVERIFY(writeFileAtomically(file, "x"));
        const auto store = CacheStore::open(file / "cache");
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::Io);
        QVERIFY(store.error().message.starts_with("Cannot use "));
    }

    void aPlaceThatVanishesIsAnError() {
        QTemporaryDir dir;
        const fs::path root = fs::path(dir.path().toStdString()) / "cache";
        auto store = *CacheStore::open(root);
        auto writer = *store->create(key(1));
        fs::remove_all(root);
        const auto done = writer.commit();
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Io);
        QVERIFY(!store->create(key(2)));
    }

    void theRootFollowsTheEnvironment() {
        qputenv("STRATA_CACHE", "/somewhere/own");
        QCOMPARE(CacheStore::defaultRoot(), fs::path("/somewhere/own"));
        qunsetenv("STRATA_CACHE");
        qputenv("XDG_CACHE_HOME", "/somewhere");
        QCOMPARE(CacheStore::defaultRoot(), fs::path("/somewhere/strata"));
        qunsetenv("XDG_CACHE_HOME");
        qputenv("HOME", "/home/x");
        QCOMPARE(CacheStore::defaultRoot(), fs::path("/home/x/.cache/strata"));
    }
};

QTEST_GUILESS_MAIN(TestCacheStore)
#include "test_cache_store.moc"
