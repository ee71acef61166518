// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/pipeline/stage_runner.h"

#include <QTemporaryDir>
#include <QTest>

using namespace strata;
namespace fs = std::filesystem;

class TestStageRunner : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<CacheStore> m_cache;

    StageRunner runner(JobContext context = {}, JobObserver observer = {}) {
        auto made = StageRunner::create(*m_cache, {{"a", 1}, {"b", 3}}, std::move(context),
                                        std::move(observer));
        Q_ASSERT(made);
        return std::move(*made);
    }
    static StageSpec spec(bool sequential = false) {
        StageSpec spec;
        spec.name = std::string("a");
        spec.params = {{"x", 1}};
        spec.frameCount = 25;
        spec.chunkLength = 10;
        spec.sequential = sequential;
        return spec;
    }
    /// Writes the sum of all frames so far, so that a lost or doubled chunk shows.
    static Status addUp(const StageChunk& chunk, const JobContext&) {
        long sum = 0;
        if (!chunk.previous.empty())
            sum = std::stol(*readFile(chunk.previous / "sum"));
        for (auto i = chunk.range.begin; i < chunk.range.end; ++i)
            sum += i;
        return writeFileAtomically(chunk.folder / "sum", std::to_string(sum));
    }

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        auto opened = CacheStore::open(fs::path(m_dir->path().toStdString()));
        QVERIFY(opened);
        m_cache = std::move(*opened);
    }
    void cleanup() { m_cache.reset(); }

    void chunksCoverTheClip() {
        std::vector<FrameRange> ranges;
        auto run = runner();
        const auto result = run.run(spec(), [&](const StageChunk& chunk, const JobContext& job) {
            ranges.push_back(chunk.range);
            return addUp(chunk, job);
        });
        QVERIFY(result);
        QCOMPARE(ranges, (std::vector<FrameRange>{{0, 10}, {10, 20}, {20, 25}}));
        QCOMPARE(result->files("sum").size(), std::size_t(3));
    }

    void aSecondRunComputesNothing() {
        auto first = runner();
        QVERIFY(first.run(spec(), addUp));
        auto second = runner();
        const auto result = second.run(spec(), [](const StageChunk&, const JobContext&) -> Status {
            return Error{ErrorCode::Internal, "computed again"};
        });
        QVERIFY(result);
        QCOMPARE(second.computedChunks(), std::int64_t(0));
    }

    void anInterruptedSequentialStageEndsTheSame() {
        int calls = 0;
        auto first = runner();
        QVERIFY(
            !first.run(spec(true), [&](const StageChunk& chunk, const JobContext& job) -> Status {
                if (++calls == 2)
                    return Error{ErrorCode::Internal, "power cut"};
                return addUp(chunk, job);
            }));
        auto second = runner();
        const auto result = second.run(spec(true), addUp);
        QVERIFY(result);
        QCOMPARE(second.computedChunks(), std::int64_t(2));
        QCOMPARE(*readFile(result->files("sum").back()), std::string("300"));
    }

    void parametersAndInputsMakeAnotherResult() {
        auto run = runner();
        const auto key = run.run(spec(), addUp)->key;
        StageSpec other = spec();
        other.params["x"] = 2;
        QVERIFY(run.run(other, addUp)->key != key);
        other = spec();
        other.inputs = {"something"};
        QVERIFY(run.run(other, addUp)->key != key);
        other = spec();
        other.version = 2;
        QVERIFY(run.run(other, addUp)->key != key);
    }

    void aStopRequestEndsBetweenChunks() {
        std::stop_source stop;
        auto run = runner({stop.get_token(), {}});
        const auto result = run.run(spec(), [&](const StageChunk& chunk, const JobContext& job) {
            stop.request_stop();
            return addUp(chunk, job);
        });
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QCOMPARE(run.computedChunks(), std::int64_t(1));
    }

    void eachChunkIsToldOnceItIsThere() {
        std::vector<StoredChunk> told;
        const JobObserver observer{[&](const StoredChunk& chunk) {
                                       QVERIFY(fs::exists(chunk.folder / "sum"));
                                       QVERIFY(m_cache->find(chunk.key) == chunk.folder);
                                       told.push_back(chunk);
                                   },
                                   {}};
        auto first = runner({}, observer);
        const auto result = first.run(spec(), addUp);
        QVERIFY(result);
        QCOMPARE(told.size(), std::size_t(3));
        QCOMPARE(told[2].stage, std::string("a"));
        QCOMPARE(told[2].range, (FrameRange{20, 25}));
        QVERIFY(told[2].folder == result->chunks[2]);
        auto second = runner({}, observer);
        QVERIFY(second.run(spec(), addUp));
        QCOMPARE(told.size(), std::size_t(6));
        for (std::size_t i = 0; i < told.size(); ++i) {
            QCOMPARE(told[i].computed, i < 3);
            QCOMPARE(told[i].key, told[i % 3].key);
        }
    }

    // Chunks of one frame, as previews are made of.
    void aPartOfTheFramesHasTheSameEntries() {
        StageSpec part = spec();
        part.chunkLength = 1;
        part.frameCount = 2;
        part.firstFrame = 7;
        std::vector<double> fractions;
        auto first = runner({{}, [&](const Progress& p) { fractions.push_back(p.fraction); }});
        const auto seven = first.run(part, addUp);
        QVERIFY(seven);
        QCOMPARE(*readFile(seven->files("sum").front()), std::string("7"));
        QCOMPARE(fractions.front(), 0.0);
        QCOMPARE(fractions.back(), 0.25); // stage a is a quarter of the plan
        part.firstFrame = 8;
        auto second = runner();
        const auto eight = second.run(part, addUp);
        QVERIFY(eight);
        QCOMPARE(second.computedChunks(), std::int64_t(1)); // frame 9 alone
        QVERIFY(eight->chunks[0] == seven->chunks[1]);
    }

    void progressRisesOverTheWholePlan() {
        std::vector<double> fractions;
        auto run = runner({{}, [&](const Progress& p) { fractions.push_back(p.fraction); }});
        QVERIFY(run.run(spec(), addUp));
        StageSpec b = spec();
        b.name = std::string("b");
        QVERIFY(run.run(b, addUp));
        QVERIFY(std::is_sorted(fractions.begin(), fractions.end()));
        QCOMPARE(fractions.front(), 0.0);
        QCOMPARE(fractions.back(), 1.0);
        QVERIFY(std::find(fractions.begin(), fractions.end(), 0.25) != fractions.end());
    }
};

QTEST_GUILESS_MAIN(TestStageRunner)
#include "test_stage_runner.moc"
