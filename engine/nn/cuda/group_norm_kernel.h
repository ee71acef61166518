// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

struct CUstream_st; // cudaStream_t points to one

namespace strata::cuda {

enum class Number { Float, Half, BFloat16 };

/// Pictures [pictures, channels, pixels], or [pictures, pixels, channels] when they lie
/// channels-last; each picture is normalised by itself.
struct GroupNormShape {
    std::int64_t pictures = 0, channels = 0, pixels = 0, groups = 1;
    Number type = Number::Float;
    bool channelsLast = false;
    bool silu = false; // of the result
    float epsilon = 1e-5f;
};

/// Whether groupNorm() can do it; the number of channels is limited.
bool groupNormFits(const GroupNormShape& shape);

/// Memory that groupNorm() needs to work in.
std::size_t groupNormWorkBytes(const GroupNormShape& shape);

/// Pointers are memory of the device; `out` may be `x`. Sums in single precision around one of the
/// group's values, the same in every run. Null when the work is in the stream, or what CUDA says.
const char* groupNorm(const GroupNormShape& shape, const void* x, const void* weight,
                      const void* bias, void* out, void* work, CUstream_st* stream);

} // namespace strata::cuda
