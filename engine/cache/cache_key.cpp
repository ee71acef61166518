// SPDX-License-Identifier: Apache-2.0
#include "engine/cache/cache_key.h"

#include "engine/core/sha256.h"

#include <algorithm>

namespace strata {

CacheKey::CacheKey(std::string_view stage, int version) {
    part("stage", stage).part("version", std::to_string(version));
}

CacheKey& CacheKey::params(std::string_view json) { return part("params", json); }

CacheKey& CacheKey::input(std::string_view key) { return part("input", key); }

CacheKey& CacheKey::model(std::string_view digest) { return part("model", digest); }

CacheKey& CacheKey::range(FrameRange frames) {
    return part("range", std::to_string(frames.begin) + "-" + std::to_string(frames.end));
}

CacheKey& CacheKey::part(std::string_view name, std::string_view value) {
    // Lengths first, so that no value can look like the beginning of the next part.
    m_text += std::to_string(name.size()) + ":" + std::to_string(value.size()) + ":";
    m_text += name;
    m_text += value;
    return *this;
}

std::string CacheKey::hex() const { return sha256(m_text); }

bool isCacheKey(std::string_view key) {
    return key.size() == 64 && std::all_of(key.begin(), key.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

} // namespace strata
