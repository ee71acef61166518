// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace strata {

/// Bytes that are free on a device ("cpu", "cuda", "cuda:1"): of a computer what can be had without
/// swapping, within the limit its processes may have. The largest number when nobody knows.
std::int64_t freeMemory(const std::string& device);

/// What the first GPU that LibTorch can use is called; empty when there is none.
std::string gpuName();

/// Gives back what LibTorch keeps of a GPU's memory for later.
void releaseKeptMemory();

} // namespace strata
