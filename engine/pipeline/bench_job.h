// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/job_requests.h"

#include <string>
#include <vector>

namespace strata {

/// One stage against what limits it.
struct BenchStage {
    std::string name;
    double fps = 0;
    double boundFps = 0; // 0: there is no honest bound
    std::string bound;   // what the limit is, in words

    double ratio() const { return boundFps > 0 ? fps / boundFps : 0; }
};

struct BenchReport {
    std::int64_t frames = 0;
    double gflops = 0;     // of a large single-precision matrix product, measured in the same run
    double blasGflops = 0; // the same through LibTorch's BLAS
    int threads = 1;
    std::string warning; // what makes this machine slower than it must be; empty if nothing does
    std::vector<BenchStage> stages;
};

/// Takes 8 to 48 frames of a clip apart in a cache of its own and measures each stage. The
/// networks are loaded before.
Result<BenchReport> benchDecompose(const ClipRequest& clip, const JobContext& context);

} // namespace strata
