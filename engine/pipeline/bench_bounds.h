// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/network_use.h"

#include <filesystem>
#include <map>
#include <string>

namespace strata {

/// The fastest that a stage could be on this machine.
struct StageBound {
    double fps = 0; // 0: there is no honest bound
    std::string text;
};
using StageBounds = std::map<std::string, StageBound>;

/// What bounds follow from, all of one run.
struct BoundInputs {
    const NetworkFiles& files;
    const NetworkUse& use;
    const Decomposition& parts;
    double gflops = 0;             // of a matrix product
    double readFrame = 0;          // seconds to get one frame of the clip
    std::filesystem::path scratch; // a folder to write in
};

/// Networks: the matrix product's rate over the operations of the networks. The other stages:
/// getting their pictures from the clip and the cache and writing their own, one after the other.
/// A bound for each stage of decomposePlan().
Result<StageBounds> boundsOf(const BoundInputs& inputs);

} // namespace strata
