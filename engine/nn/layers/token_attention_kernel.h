// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace strata::nn {

/// Tokens [rows, count, channels] with their heads side by side in the channels.
struct TokenRows {
    const float* keys = nullptr;
    const float* values = nullptr;
    std::int64_t count = 0;
    std::int64_t rowsEach = 1; // rows of queries that see the same row of these
};

struct TokenAttention {
    const float* queries = nullptr;
    float* out = nullptr;
    std::int64_t rows = 0, tokens = 0, channels = 0, heads = 1;
    TokenRows seen[2]; // the second may be empty

    std::int64_t blocks() const; // of queries in a row
    std::int64_t tasks() const { return rows * heads * blocks(); }
};

/// Attention for tasks [from, to): a block of queries of one row and head each. The matrix of
/// weights exists only a tile at a time (the softmax is corrected as larger scores turn up), so all
/// of it stays in the cache nearest to the processor.
void attendTokens(const TokenAttention& attention, std::int64_t from, std::int64_t to);

} // namespace strata::nn
