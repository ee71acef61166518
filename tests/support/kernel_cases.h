// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/device_memory.h"

#include <string>
#include <vector>

namespace strata::test {

struct KernelResult {
    std::string name;
    double worst = 0; // of the differences to the CPU, or the share of samples that differ
    double limit = 0;
    std::string trouble;                                            // what CUDA said
    bool good() const { return trouble.empty() && worst <= limit; } // false for NaN
};

/// The kernels of engine/raster/cuda compared with the CPU's rasteriser: faces must be the same,
/// and so must all bits where `exact`. `large` adds meshes and pictures of full size.
std::vector<KernelResult> rasterCases(DeviceMemory& device, bool exact, bool large);

/// engine/nn/cuda's norm compared with sums in double precision.
std::vector<KernelResult> groupNormCases(DeviceMemory& device, bool large);

} // namespace strata::test
