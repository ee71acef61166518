// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace strata::nn {

constexpr std::int64_t kMostFrames = 32;

/// Tokens [B, F, L, C] with `heads` heads side by side in the channels.
struct FrameAttention {
    std::int64_t frames, pixels, channels, heads;
};

/// Attention over the frames for pixels [from, to) of the B * L there are. Thousands of products of
/// matrices as small as 24 x 40 are too small for a library call each.
void attendOverFrames(const FrameAttention& shape, const float* q, const float* k, const float* v,
                      float* out, std::int64_t from, std::int64_t to);

} // namespace strata::nn
