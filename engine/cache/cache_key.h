// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"

#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// Builds the key of a stage result: 64 hexadecimal digits over everything the result depends on.
/// Equal parts give equal keys; parts are delimited, so moving text from one part to the next
/// changes the key.
class CacheKey {
public:
    CacheKey(std::string_view stage, int version);

    /// The stage's parameters as JSON text with sorted keys (nlohmann::json::dump() sorts them).
    CacheKey& params(std::string_view json);
    /// The key of an input, or the digest of a source file; order matters.
    CacheKey& input(std::string_view key);
    /// SHA-256 of a model file.
    CacheKey& model(std::string_view digest);
    CacheKey& range(FrameRange frames);
    /// Anything else, by name.
    CacheKey& part(std::string_view name, std::string_view value);

    std::string hex() const;

private:
    std::string m_text;
};

/// True for 64 lower-case hexadecimal digits.
bool isCacheKey(std::string_view key);

} // namespace strata
