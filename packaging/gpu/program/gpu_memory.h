// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace strata::gpu {

/// Begins a new peak on a GPU; the host's cannot be begun anew.
void resetPeakMemory(const std::string& device);

/// Most bytes that tensors took at once: on a GPU since resetPeakMemory(), on the host what the
/// process took since its start.
double peakMemory(const std::string& device);

/// "" for the host.
std::string deviceName(const std::string& device);

} // namespace strata::gpu
