// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/sampler_checkpoints.h"

#include "engine/cache/cache_key.h"
#include "engine/formats/npz.h"

#include <tuple>

namespace strata {
namespace {

constexpr int kSlots = 2;
constexpr const char* kFile = "state.npz";

} // namespace

SamplerCheckpoints::SamplerCheckpoints(CacheStore& cache, std::string key)
    : m_cache(cache)
    , m_key(std::move(key)) {}

std::string SamplerCheckpoints::keyOf(int run, int slot) const {
    return CacheKey("sampler-state", 1)
        .input(m_key)
        .part("run", std::to_string(run))
        .part("slot", std::to_string(slot))
        .hex();
}

Status SamplerCheckpoints::save(int run, const SamplerState& state) {
    const std::string key = keyOf(run, m_saved % kSlots);
    if (m_cache.contains(key))
        STRATA_TRY(m_cache.remove(key));
    STRATA_ASSIGN(CacheWriter writer, m_cache.create(key));
    STRATA_TRY(writeNpz(writer.file(kFile), toArrays(state)));
    STRATA_TRY(writer.commit());
    ++m_saved;
    return ok();
}

std::optional<SamplerState> SamplerCheckpoints::last(int run) const {
    std::optional<SamplerState> best;
    for (int slot = 0; slot < kSlots; ++slot) {
        const auto folder = m_cache.find(keyOf(run, slot));
        if (!folder)
            continue;
        const auto file = *folder / kFile;
        const auto arrays = readNpz(file);
        if (!arrays)
            continue;
        auto state = samplerStateFrom(*arrays, file.string());
        if (state && (!best || std::tie(state->step, state->windowsDone) >
                                   std::tie(best->step, best->windowsDone)))
            best = std::move(*state);
    }
    return best;
}

void SamplerCheckpoints::forget(int runs) {
    for (int run = 0; run < runs; ++run)
        for (int slot = 0; slot < kSlots; ++slot)
            if (const auto key = keyOf(run, slot); m_cache.contains(key))
                (void)m_cache.remove(key); // what stays goes with the oldest entries
}

} // namespace strata
