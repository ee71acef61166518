// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cache/cache_store.h"
#include "engine/synth/diffusion/sampler_state.h"

#include <optional>
#include <string>

namespace strata {

/// Where the sampling of an unfinished clip is, kept in the cache: each run in two entries that are
/// written in turn, so that one is always whole.
class SamplerCheckpoints {
public:
    /// `key` stands for everything that the sampling depends on.
    SamplerCheckpoints(CacheStore& cache, std::string key);

    Status save(int run, const SamplerState& state);
    /// The one that is furthest; nothing when there is none or none can be read.
    std::optional<SamplerState> last(int run) const;
    /// Removes those of the runs 0 to `runs` - 1.
    void forget(int runs);

private:
    std::string keyOf(int run, int slot) const;

    CacheStore& m_cache;
    std::string m_key;
    int m_saved = 0;
};

} // namespace strata
