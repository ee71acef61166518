// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/job_context.h"
#include "engine/core/result.h"

#include <string>
#include <vector>

namespace strata {

struct DenoiseBenchRequest {
    std::string network = "small";         // small, official, paper
    std::vector<int> sizes{128, 192, 256}; // sides of the pictures, multiples of 8
    int frames = 12;                       // of the window
    int repeats = 2; // of each measurement, one formulation after the other; the quickest counts
    int steps = 25;  // of the run that the ratio is for
};

/// Seconds of one picture size.
struct DenoiseBenchLine {
    int size = 0;
    double plainReference = 0, savedReference = 0; // the identity, once per run
    double plainStep = 0, savedStep = 0;           // a window under guidance, once per step
    double difference = 0; // largest one between the two results; these are about as large as 1

    /// How much longer a run of so many steps takes without the savings.
    double ratio(int steps) const {
        return (plainReference + steps * plainStep) / (savedReference + steps * savedStep);
    }
};

struct DenoiseBenchReport {
    int threads = 1;
    std::vector<DenoiseBenchLine> lines;
};

/// Denoises random latents by random networks, as published and with the exact savings. The
/// denoiser and the reference network are of the wanted size; picture coder and CLIP network, which
/// are not measured, are tiny.
Result<DenoiseBenchReport> benchDenoise(const DenoiseBenchRequest& request,
                                        const JobContext& context);

} // namespace strata
