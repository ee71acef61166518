// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stage_runner.h"

#include "engine/cache/cache_key.h"

#include <algorithm>

namespace strata {

std::string stageKey(const StageSpec& spec) {
    CacheKey key(spec.name, spec.version);
    key.params(spec.params.dump());
    for (const auto& input : spec.inputs)
        key.input(input);
    key.part("chunk", std::to_string(spec.chunkLength));
    return key.hex();
}

namespace {

std::string chunkKey(const std::string& stage, FrameRange range) {
    return CacheKey("chunk", 1).input(stage).range(range).hex();
}

} // namespace

std::vector<std::filesystem::path> StageResult::files(const std::string& name) const {
    std::vector<std::filesystem::path> paths;
    for (const auto& folder : chunks)
        paths.push_back(folder / name);
    return paths;
}

StageRunner::StageRunner(CacheStore& cache, CachePins pins, std::vector<PlannedStage> plan,
                         JobContext context, JobObserver observer)
    : m_cache(&cache)
    , m_pins(std::move(pins))
    , m_plan(std::move(plan))
    , m_context(std::move(context))
    , m_observer(std::move(observer)) {}

Result<StageRunner> StageRunner::create(CacheStore& cache, std::vector<PlannedStage> plan,
                                        JobContext context, JobObserver observer) {
    STRATA_ASSIGN(CachePins pins, cache.pins());
    return StageRunner(cache, std::move(pins), std::move(plan), std::move(context),
                       std::move(observer));
}

Result<StageResult> StageRunner::run(const StageSpec& spec, const Compute& compute) {
    StageResult result;
    result.key = stageKey(spec);
    result.frameCount = spec.frameCount;
    result.chunkLength =
        spec.chunkLength > 0 ? spec.chunkLength : std::max<std::int64_t>(1, spec.frameCount);

    std::filesystem::path previous;
    const std::int64_t last = spec.firstFrame + spec.frameCount;
    for (auto begin = spec.firstFrame; begin < last; begin += result.chunkLength) {
        const FrameRange range{begin, std::min(last, begin + result.chunkLength)};
        if (m_context.stopRequested())
            return cancelled();
        const std::string key = chunkKey(result.key, range);
        STRATA_TRY(m_pins.pin({key}));
        auto found = m_cache->find(key);
        const bool computed = !found;
        if (computed) {
            report(spec, double(range.begin));
            STRATA_ASSIGN(CacheWriter writer, m_cache->create(key));
            const StageChunk chunk{begin / result.chunkLength, range, writer.folder(),
                                   spec.sequential ? previous : std::filesystem::path()};
            STRATA_TRY(compute(chunk, chunkContext(spec, range)));
            STRATA_ASSIGN(found, writer.commit());
            ++m_computed;
        }
        report(spec, double(range.end));
        if (m_observer.chunk)
            m_observer.chunk({spec.name, key, range, *found, computed});
        previous = *found;
        result.chunks.push_back(*found);
    }
    return result;
}

JobContext StageRunner::chunkContext(const StageSpec& spec, FrameRange range) const {
    JobContext inner;
    inner.stop = m_context.stop;
    inner.report = [this, &spec, range](const Progress& progress) {
        const double part = progress.total > 0 ? double(progress.done) / double(progress.total) : 0;
        report(spec, double(range.begin) + part * double(range.size()));
    };
    return inner;
}

void StageRunner::report(const StageSpec& spec, double frame) const {
    if (!m_context.report)
        return;
    const double done = frame - double(spec.firstFrame);
    double before = 0, own = 0, all = 0;
    for (const auto& stage : m_plan) {
        if (stage.name == spec.name)
            own = stage.weight;
        else if (own == 0)
            before += stage.weight;
        all += stage.weight;
    }
    const double part = spec.frameCount > 0 ? done / double(spec.frameCount) : 1;
    // Work inside a chunk may count in steps of its own and begin again; what is shown does not.
    m_fraction = std::max(m_fraction, all > 0 ? (before + own * part) / all : part);
    m_context.report({spec.name, m_fraction, std::int64_t(done), spec.frameCount});
}

} // namespace strata
