// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cache/cache_store.h"
#include "engine/core/job_context.h"
#include "engine/core/time.h"
#include "engine/pipeline/job_observer.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace strata {

/// Everything the result of a stage depends on.
struct StageSpec {
    std::string name;
    int version = 1; // raised whenever the stage computes something else
    nlohmann::json params;
    std::vector<std::string> inputs; // keys of the stages it reads, digests of the files and models
    std::int64_t firstFrame = 0;     // no part of the key; a multiple of chunkLength
    std::int64_t frameCount = 0;
    std::int64_t chunkLength = 0; // 0: the whole clip is one chunk
    bool sequential = false;      // a chunk continues from the state its predecessor left
};

/// One piece of work: compute the frames of `range` and write the result into `folder`.
struct StageChunk {
    std::int64_t index = 0;
    FrameRange range;
    std::filesystem::path folder;
    std::filesystem::path previous; // entry of the chunk before; empty for the first one
};

/// Where a finished stage lies: one folder per chunk, in order.
struct StageResult {
    std::string key;
    std::int64_t frameCount = 0;
    std::int64_t chunkLength = 0;
    std::vector<std::filesystem::path> chunks;

    /// `name` in each chunk's folder.
    std::vector<std::filesystem::path> files(const std::string& name) const;
};

/// Key of the stage as a whole; each chunk adds its range to it.
std::string stageKey(const StageSpec& spec);

/// One line of a job's plan: the share of the whole that a stage takes.
struct PlannedStage {
    std::string name;
    double weight = 1;
};

/// Runs stages chunk by chunk over the cache: what is there is not computed again, each finished
/// chunk is kept at once, so a job that was stopped or killed loses at most the chunk it was in.
/// Reports progress over the whole plan.
class StageRunner {
public:
    static Result<StageRunner> create(CacheStore& cache, std::vector<PlannedStage> plan,
                                      JobContext context, JobObserver observer = {});

    /// `compute` gets a context whose progress() counts frames of the chunk; the runner turns them
    /// into the job's.
    using Compute = std::function<Status(const StageChunk&, const JobContext&)>;
    Result<StageResult> run(const StageSpec& spec, const Compute& compute);

    CacheStore& cache() const { return *m_cache; }
    const JobContext& context() const { return m_context; }
    const JobObserver& observer() const { return m_observer; }
    /// Chunks computed, not found, so far.
    std::int64_t computedChunks() const { return m_computed; }

private:
    StageRunner(CacheStore& cache, CachePins pins, std::vector<PlannedStage> plan,
                JobContext context, JobObserver observer);
    JobContext chunkContext(const StageSpec& spec, FrameRange range) const;
    void report(const StageSpec& spec, double frame) const;

    CacheStore* m_cache;
    CachePins m_pins;
    std::vector<PlannedStage> m_plan;
    JobContext m_context;
    JobObserver m_observer;
    std::int64_t m_computed = 0;
    mutable double m_fraction = 0; // as last reported; never falls
};

} // namespace strata
